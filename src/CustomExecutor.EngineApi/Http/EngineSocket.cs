namespace CustomExecutor.EngineApi.Http;

/// <summary>Where the API is served, and to whom.</summary>
/// <param name="Path">The socket's path; one that a dead program left is replaced.</param>
/// <param name="Mode">Who may connect.</param>
/// <param name="PidFile">There while the socket takes connections; null for none.</param>
/// <param name="IsForOwnSandbox">Whether only processes of the same Landlock sandbox are served.</param>
internal sealed record EngineSocket(string Path, UnixFileMode Mode, PidFile? PidFile, bool IsForOwnSandbox);
