using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CustomExecutor.Core.JobPod;

/// <summary>The last line of a service's log that was shown.</summary>
/// <param name="Written">Its time as the kubelet writes it (RFC 3339).</param>
/// <param name="Digest">The SHA-256 of the line: what a service says is not for a file on the runner's host.</param>
public sealed record ServiceLogMark(string Written, string Digest)
{
    /// <summary>Its time.</summary>
    public DateTimeOffset Time => TimeOf(Written) ?? DateTimeOffset.MinValue;

    /// <summary>The mark of a line.</summary>
    /// <param name="line">The line with its time.</param>
    public static ServiceLogMark Of(string line) => new(line.Split(' ', 2)[0], DigestOf(line));

    /// <summary>Reads what <see cref="ToString"/> wrote; null for anything else.</summary>
    public static ServiceLogMark? Read(string? text) =>
        text?.Split(' ') is [var written, var digest] && TimeOf(written) is not null
            ? new ServiceLogMark(written, digest)
            : null;

    /// <summary>Whether it is this line.</summary>
    public bool Is(string line) => line.StartsWith(Written, StringComparison.Ordinal) && DigestOf(line) == Digest;

    /// <summary>As text.</summary>
    public override string ToString() => $"{Written} {Digest}";

    internal static DateTimeOffset? TimeOf(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : null;

    private static string DigestOf(string line) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(line)));
}
