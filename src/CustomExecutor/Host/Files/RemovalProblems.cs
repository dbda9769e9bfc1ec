using System.ComponentModel;
using System.Globalization;
using System.Text;
using CustomExecutor.Core;
using CustomExecutor.Host.Native;

namespace CustomExecutor.Host.Files;

/// <summary>
/// The files of a tree that could not be removed: the first with its reason, and the number of others.
/// </summary>
internal sealed class RemovalProblems(string path)
{
    private string? _first;
    private int _count;

    /// <summary>The error number as a phrase.</summary>
    public static string Reason(int error) =>
        error switch
        {
            OpenDirectory.IsMountPoint => "something is mounted there; unmount it first",
            ErrorNumbers.Busy => "it is in use, for example as a mount point",
            _ => new Win32Exception(error).Message,
        };

    /// <param name="parts">The names on the path from the top, as NUL-terminated bytes.</param>
    /// <param name="reason">Why it can't be removed.</param>
    public void Add(IEnumerable<byte[]> parts, string reason)
    {
        _count++;
        _first ??= $"{DisplayText.Of(string.Join('/', parts.Select(Text)))}: {reason}";
    }

    /// <summary>The error that reports the problems; null if there are none.</summary>
    public DriverException? Error() =>
        _first is null
            ? null
            : Error(
                _count == 1 ? _first : string.Create(CultureInfo.InvariantCulture, $"{_first} (and {_count - 1} more)")
            );

    public DriverException Error(string reason) => new($"{DisplayText.Of(path)} can't be removed completely: {reason}");

    private static string Text(byte[] name) => Encoding.UTF8.GetString(name.AsSpan(0, name.Length - 1));
}
