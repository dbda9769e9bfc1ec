using System.Globalization;
using System.Text.Json;

namespace CustomExecutor.Core.Kubernetes.Exec;

/// <summary>How an exec ended, as channel 3 tells it: a Status object (<c>remotecommand.NonZeroExitCodeReason</c> of
/// k8s.io/apimachinery).</summary>
/// <param name="ExitCode">The command's; null if it was not executed, or that is not known.</param>
/// <param name="Message">The words of the server or the container runtime; empty for success.</param>
public sealed record ExecStatus(int? ExitCode, string Message)
{
    /// <summary>
    /// Whether the command is not in the image. runc says <c>exec: "sh": executable file not found in $PATH</c>, crun
    /// <c>executable file `sh` not found in $PATH</c>; CRI-O may tell it as a shell does, by the exit codes 126 and 127
    /// of a command that never began.
    /// </summary>
    public bool IsMissingCommand =>
        ExitCode is 126 or 127
        || (
            Message.Contains("executable file", StringComparison.Ordinal)
            && Message.Contains("not found", StringComparison.Ordinal)
        );

    /// <summary>Reads the channel's text; null if it is not a Status object.</summary>
    public static ExecStatus? Parse(ReadOnlySpan<byte> text)
    {
        try
        {
            var reader = new Utf8JsonReader(text);
            using var json = JsonDocument.ParseValue(ref reader);
            var status = json.RootElement;
            if (Text(status, "status") is not { } outcome)
                return null;
            if (outcome == "Success")
                return new ExecStatus(0, "");
            return new ExecStatus(
                Text(status, "reason") == "NonZeroExitCode" ? ExitCodeOf(status) : null,
                Text(status, "message") ?? ""
            );
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static int? ExitCodeOf(JsonElement status) =>
        status.TryGetProperty("details", out var details)
        && details.TryGetProperty("causes", out var causes)
        && causes.ValueKind == JsonValueKind.Array
            ? causes
                .EnumerateArray()
                .Where(c => Text(c, "reason") == "ExitCode")
                .Select(c =>
                    int.TryParse(Text(c, "message"), NumberStyles.None, CultureInfo.InvariantCulture, out var code)
                        ? code
                        : (int?)null
                )
                .FirstOrDefault()
            : null;

    private static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object
        && parent.TryGetProperty(name, out var child)
        && child.ValueKind == JsonValueKind.String
            ? child.GetString()
            : null;
}
