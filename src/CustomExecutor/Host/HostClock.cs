using System.Security.Cryptography;
using System.Text;
using CustomExecutor.Core.Attempt;

namespace CustomExecutor.Host;

/// <summary>Reads this host's clocks and identity.</summary>
internal static class HostClock
{
    /// <summary>Now. The timestamp of .NET's system clock is the kernel's CLOCK_MONOTONIC on Linux, as are the runner's
    /// timers.</summary>
    public static HostTime Now(TimeProvider time) =>
        new(
            time.GetUtcNow(),
            TimeSpan.FromSeconds((double)time.GetTimestamp() / time.TimestampFrequency),
            Text("/proc/sys/kernel/random/boot_id"),
            Machine()
        );

    /// <summary>
    /// The machine id, hashed as systemd requires, with the host's name, because copies of a virtual machine may have
    /// the same id. A name without an id is not unique enough.
    /// </summary>
    private static string Machine() =>
        Text("/etc/machine-id") is { Length: > 0 } id
            ? Convert.ToHexStringLower(
                SHA256.HashData(Encoding.UTF8.GetBytes($"custom-executor\n{id}\n{Environment.MachineName}"))
            )[..16]
            : "";

    private static string Text(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
