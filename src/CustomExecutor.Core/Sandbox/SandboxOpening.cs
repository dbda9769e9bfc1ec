namespace CustomExecutor.Core.Sandbox;

/// <summary>A path that the admin opens to scripts.</summary>
/// <param name="Source">Where it is configured: a setting, or the runner service's <c>PATH</c>.</param>
/// <param name="Path">The path as written.</param>
/// <param name="Access">What a script may do with it.</param>
public sealed record SandboxOpening(string Source, string Path, SandboxAccess Access)
{
    /// <summary>The setting that opens directories for reading and writing.</summary>
    public const string Allow = "scriptSandbox.allow";

    /// <summary>The setting that names docker's plugins.</summary>
    public const string DockerPlugins = "docker.cliPluginsExtraDirs";

    /// <summary>The setting for the Docker Engine API, whose program is beside the driver's.</summary>
    public const string EngineApi = "docker.engineApi";

    /// <summary>The environment variable of the runner's service.</summary>
    public const string Variable = "PATH";
}

/// <summary>An opening that is not granted, because a link leads to a hidden path.</summary>
/// <param name="Opening">The opening.</param>
/// <param name="Target">The link's target.</param>
/// <param name="Hidden">The hidden path.</param>
public sealed record SandboxRefusal(SandboxOpening Opening, string Target, string Hidden)
{
    /// <summary>
    /// Whether it comes from the settings, which are then wrong. A <c>PATH</c> may have entries that no job needs, and
    /// so may the driver's directory.
    /// </summary>
    public bool IsOfSettings => Opening.Source is not (SandboxOpening.Variable or SandboxOpening.EngineApi);

    /// <summary>The problem and its remedy.</summary>
    public string Message =>
        $"{Opening.Source}: {DisplayText.Of(Opening.Path)} leads through a link to {DisplayText.Of(Target)}, which "
        + "is closed to scripts"
        + (Hidden == Target ? "" : $" with {DisplayText.Of(Hidden)}")
        + ". Scripts cannot use it. Replace the link with a directory, or remove the entry.";
}
