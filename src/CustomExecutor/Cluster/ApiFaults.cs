using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using CustomExecutor.Core.Cluster;
using CustomExecutor.Core.Job;
using k8s.Autorest;

namespace CustomExecutor.Cluster;

/// <summary>A fault that a watch reports with an event of its own.</summary>
internal sealed class WatchErrorException(ApiFault fault) : Exception(fault.Text)
{
    public ApiFault Fault => fault;
}

/// <summary>Reads what a try of an API call has thrown.</summary>
internal static class ApiFaults
{
    /// <summary>The fault; null if this is a mistake of ours or a cancellation.</summary>
    public static ApiFault? Of(Exception e) => e switch
    {
        HttpOperationException { Response: { } response } => Answer(response),
        WatchErrorException error => error.Fault,
        TimeoutException => new ApiFault(ApiFaultKind.Silent, e.Message),
        JsonException => new ApiFault(ApiFaultKind.Garbled, "the answer is cut off or not Kubernetes'"),
        // The bound of the connection's own, see ClusterAccess.
        OperationCanceledException { InnerException: TimeoutException } => new ApiFault(ApiFaultKind.Unreachable, "no connection in time"),
        HttpRequestException { InnerException: AuthenticationException { InnerException: null } inner } => new ApiFault(ApiFaultKind.Untrusted, Shown(inner)),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError } =>
            new ApiFault(ApiFaultKind.Unreachable, Shown(e)),
        HttpRequestException or IOException or SocketException => new ApiFault(ApiFaultKind.Broken, Shown(e)),
        _ => null,
    };

    /// <summary>Whether the name of an object that was to be created is taken.</summary>
    public static bool IsAlreadyExists(Exception e) => Of(e) is { Status: 409, Reason: "AlreadyExists" };

    private static ApiFault Answer(HttpResponseMessageWrapper response)
    {
        var (reason, message) = StatusOf(response.Content);
        var text = message ?? response.ReasonPhrase ?? "";
        return new ApiFault(ApiFaultKind.Answered, DisplayText.Of($"{(int)response.StatusCode} {text}".TrimEnd()))
        {
            Status = (int)response.StatusCode,
            Reason = reason,
            RetryAfter = RetryPlan.RetryAfter(response.Headers.FirstOrDefault(h => h.Key.Equals("Retry-After", StringComparison.OrdinalIgnoreCase)).Value?.FirstOrDefault()),
        };
    }

    /// <summary>The server's Status object, if it is one.</summary>
    private static (string? Reason, string? Message) StatusOf(string? content)
    {
        if (string.IsNullOrEmpty(content)) return (null, null);
        try
        {
            using var status = JsonDocument.Parse(content);
            return (Text(status.RootElement, "reason"), Text(status.RootElement, "message"));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return (null, null); // A proxy's answer, perhaps.
        }
    }

    private static string? Text(JsonElement status, string name) =>
        status.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Shown(Exception e) => DisplayText.Of(Innermost(e).Message);

    private static Exception Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e;
}
