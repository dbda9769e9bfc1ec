using System.Formats.Tar;
using System.IO.Compression;
using CustomExecutor.Core;

namespace CustomExecutor.Commands.Try;

/// <summary>The sources as shell commands that unpack them: in place of the <c>git clone</c> of a real job, for a
/// container that does not see this host's files.</summary>
internal static class SourceArchive
{
    private const int LargestMebibytes = 64;

    /// <summary>The commands. They need <c>base64</c>, <c>tar</c> and <c>gzip</c>.</summary>
    /// <param name="sources">A directory of this host.</param>
    /// <param name="target">Where it goes, quoted for a shell.</param>
    /// <exception cref="DriverException">It can't be read, or it is too large for a script.</exception>
    public static string Commands(string sources, string target)
    {
        using var packed = new MemoryStream();
        try
        {
            using var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true);
            TarFile.CreateFromDirectory(sources, gzip, includeBaseDirectory: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DriverException(
                $"The sources {DisplayText.Of(sources)} can't be read: {DisplayText.Of(e.Message)}",
                inner: e
            );
        }

        if (packed.Length > LargestMebibytes * 1024 * 1024)
        {
            throw new DriverException(
                $"--dir: {DisplayText.Of(sources)} has more than {LargestMebibytes} MiB when packed, which is too "
                    + "much for "
                    + "a script. Leave out what the job does not need."
            );
        }

        var text = Convert.ToBase64String(packed.ToArray(), Base64FormattingOptions.InsertLineBreaks);
        return $"base64 -d <<'SOURCES' | tar -xzf - -C {target}\n{text.ReplaceLineEndings("\n")}\nSOURCES";
    }
}
