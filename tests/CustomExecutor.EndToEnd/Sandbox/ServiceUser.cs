using System.Globalization;
using System.Runtime.InteropServices;
using CustomExecutor.Host.Files;
using CustomExecutor.Host.Processes;
using CustomExecutor.Host.Sandbox;

namespace CustomExecutor.EndToEnd.Sandbox;

/// <summary>The user without privileges as whom the runner's service, and so every job, runs. It needs no account: a
/// number that nobody has.</summary>
internal static partial class ServiceUser
{
    private const uint Id = 61234;

    /// <summary>What makes another program run as the user: it executes it in its own place, so that the process id
    /// stays the same.</summary>
    public const string Program = "setpriv";

    /// <summary>The arguments that come before the other program.</summary>
    public static IReadOnlyList<string> Arguments { get; } = [$"--reuid={Text}", $"--regid={Text}", "--clear-groups"];

    /// <summary>Why this machine can't play such a host; null where it can.</summary>
    public static string? Obstacle { get; } =
        Landlock.Version() switch
        {
            _ when FileMetadata.OwnUser != 0 => "Playing the runner of another user takes root.",
            (0, var absence) => $"Scripts can't be confined here: {absence}.",
            (< 6, _) => "Scripts can't be fully confined here: needs Linux 6.12.",
            _ => KubeconfigInPieces.Obstacle(),
        };

    private static string Text => Id.ToString(CultureInfo.InvariantCulture);

    /// <summary>Skips the spec where this machine can't play it.</summary>
    public static void RequireHost()
    {
        if (Obstacle is { } reason)
            Assert.Skip(reason);
    }

    /// <summary>Hands a file, or a directory with all that is in it, over to the user.</summary>
    public static void Own(string path)
    {
        ChangeOwner(path, Id, Id).Should().Be(0, "{0} is to be the user's", path);
        if (new FileInfo(path).LinkTarget is not null || !Directory.Exists(path))
            return;
        foreach (var entry in Directory.EnumerateFileSystemEntries(path))
            Own(entry);
    }

    /// <summary>Writes a file that the user alone may read.</summary>
    /// <returns>Its path.</returns>
    public static string Write(string path, string text)
    {
        PrivateFiles.Write(path, text);
        Own(path);
        return path;
    }

    /// <summary>Starts a program as the user.</summary>
    public static ChildProcess Start(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment) =>
        ChildProcess.Start(new ChildProcessStart(Program, [.. Arguments, .. command], environment));

    // The link itself, where it is one.
    [LibraryImport("libc", EntryPoint = "lchown", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint user, uint group);
}
