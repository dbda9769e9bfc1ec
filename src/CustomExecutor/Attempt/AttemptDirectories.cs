using CustomExecutor.Core;
using CustomExecutor.Core.Gc;
using CustomExecutor.Core.Runner;
using CustomExecutor.Host.Files;

namespace CustomExecutor.Attempt;

/// <summary>Looks at the directories that the runner makes for attempts.</summary>
internal static class AttemptDirectories
{
    /// <summary>A response file with all that a pipeline may put into it.</summary>
    private const long LargestFile = 64 * 1024 * 1024;

    /// <summary>What is there by now.</summary>
    public static AttemptSighting Sight(string directory)
    {
        try
        {
            return new AttemptSighting(FileMetadata.Of(directory) is not null, Parent(directory));
        }
        catch (DriverException)
        {
            return new AttemptSighting(Exists: true, "");
        }
    }

    /// <summary>Which directory is above it (a link to one is followed: it is the runner's <c>TMPDIR</c> as it was
    /// configured).</summary>
    public static string Parent(string directory)
    {
        try
        {
            // With the dot the path is followed to the directory itself.
            return
                FileMetadata.Of(Path.Join(Path.GetDirectoryName(directory), ".")) is { Kind: FileKind.Directory } parent
                ? parent.Identity
                : "";
        }
        catch (DriverException)
        {
            return "";
        }
    }

    /// <summary>Why it is not to be removed as a job's attempt directory (half a sentence); null if it is
    /// one.</summary>
    public static string? Objection(string directory, FileMetadata facts, long jobId) =>
        facts switch
        {
            { Kind: FileKind.Link } => "it is a symbolic link",
            { Kind: not FileKind.Directory } => "it is no directory",
            { IsOwn: false } => "it belongs to another user",
            { OnlyOwnerWrites: false } => "others may write it",
            _ when Response(directory) is var (response, _) => response.Id == jobId
                ? null
                : $"it is of job {response.Id} by now",
            _ => IsStateOf(directory, jobId) ? null : "it has neither the job's response file nor the driver's state",
        };

    /// <summary>The job response in a directory, and when it was written; null where there is none that is this
    /// user's.</summary>
    public static (JobResponse Response, DateTimeOffset Written)? Response(string directory) =>
        OwnText(Path.Join(directory, "response.json")) is var (text, written)
        && Parsed(() => JobResponse.Parse(text)) is { } response
            ? (response, written)
            : null;

    private static bool IsStateOf(string directory, long jobId)
    {
        var attempt = new AttemptPaths(directory);
        return OwnText(attempt.StateFile) is var (text, _)
            && Parsed(() => StateFile.Parse(text, attempt, jobId)) is not null;
    }

    private static T? Parsed<T>(Func<T> parse)
        where T : class
    {
        try
        {
            return parse();
        }
        catch (DriverException)
        {
            return null;
        }
    }

    private static (string Text, DateTimeOffset Written)? OwnText(string path)
    {
        try
        {
            using var file = PlainFile.Open(path);
            return file is { Facts: { IsOwn: true, OnlyOwnerWrites: true } facts }
                ? (file.Text(LargestFile), facts.Changed)
                : null;
        }
        catch (DriverException)
        {
            return null;
        }
    }
}
