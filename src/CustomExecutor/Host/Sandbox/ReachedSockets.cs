using CustomExecutor.Core;
using CustomExecutor.Core.Sandbox;
using CustomExecutor.Host.Files;

namespace CustomExecutor.Host.Sandbox;

/// <summary>Finds unix sockets of other programs that a confined script of this user can connect to.</summary>
internal static class ReachedSockets
{
    /// <summary>The known sockets that let a script leave its sandbox.</summary>
    /// <exception cref="DriverException">The kernel does not confine a thread.</exception>
    public static IReadOnlyList<string> Escapes(LandlockRights rights, Landlock sandbox) =>
        Of(
            rights,
            sandbox,
            [
                .. EscapeSockets.Of(FileMetadata.OwnUser),
                .. EscapeSockets.DirectoriesOf(FileMetadata.OwnUser).SelectMany(Below),
            ]
        );

    /// <summary>All reachable sockets that listen on this host.</summary>
    /// <exception cref="DriverException">The kernel does not confine a thread.</exception>
    public static IReadOnlyList<string> All(LandlockRights rights, Landlock sandbox) =>
        Of(rights, sandbox, ListeningSockets.Paths(File.ReadAllText("/proc/net/unix")));

    private static IReadOnlyList<string> Of(LandlockRights rights, Landlock sandbox, IEnumerable<string> paths)
    {
        var trial = new SocketTrial(rights, paths.Where(Path.Exists));
        ConfinedThread.Run(sandbox, trial.Try);
        return trial.Reached;
    }

    /// <summary>The entries of a directory and of its subdirectories: screen has one for each user.</summary>
    private static IEnumerable<string> Below(string directory) =>
        HostPaths
            .Entries(directory)
            .Select(name => Path.Join(directory, name))
            .SelectMany(path => HostPaths.Entries(path).Select(name => Path.Join(path, name)).Prepend(path));
}
