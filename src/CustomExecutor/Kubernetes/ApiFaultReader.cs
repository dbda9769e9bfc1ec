using System.Net.Sockets;
using System.Text.Json;
using CustomExecutor.Core;
using CustomExecutor.Core.Kubernetes;
using CustomExecutor.Kubernetes.Connection;
using k8s.Autorest;

namespace CustomExecutor.Kubernetes;

/// <summary>A fault that a watch reports with an event of its own.</summary>
internal sealed class WatchErrorException(ApiFault fault) : Exception(fault.Text)
{
    public ApiFault Fault => fault;
}

/// <summary>Reads what a try of an API call has thrown.</summary>
internal static class ApiFaultReader
{
    /// <summary>The fault; null if this is a mistake of ours or a cancellation.</summary>
    public static ApiFault? Of(Exception e) =>
        e switch
        {
            HttpOperationException { Response: { } response } => Answer(response),
            WatchErrorException error => error.Fault,
            _ when Cause<ConnectionException>(e) is { } failed => new ApiFault(
                failed.Fault.IsPermanent ? ApiFaultKind.Untrusted : ApiFaultKind.Unreachable,
                failed.Message
            )
            {
                Remedy = failed.Remedy,
            },
            TimeoutException => new ApiFault(
                ApiFaultKind.Silent,
                Cause<UnansweredException>(e) is { } unanswered ? $"{unanswered.Server}: {e.Message}" : e.Message
            ),
            JsonException => new ApiFault(ApiFaultKind.Garbled, "the answer is cut off or not Kubernetes'"),
            _ when Cause<BrokenConnectionException>(e) is { } broken => new ApiFault(
                ApiFaultKind.Broken,
                $"{broken.Server}: {Shown(e)}"
            ),
            HttpRequestException or IOException or SocketException => new ApiFault(ApiFaultKind.Broken, Shown(e)),
            _ => null,
        };

    /// <summary>Whether the name of an object that was to be created is taken.</summary>
    public static bool IsAlreadyExists(Exception e) => Of(e) is { Status: 409, Reason: "AlreadyExists" };

    private static ApiFault Answer(HttpResponseMessageWrapper response)
    {
        var status = ApiStatus.Parse(response.Content);
        return new ApiFault(ApiFaultKind.Answered, ApiErrorMessage.Words((int)response.StatusCode, status))
        {
            Status = (int)response.StatusCode,
            Reason = status?.Reason,
            RetryAfter = RetryPlan.RetryAfter(
                response
                    .Headers.FirstOrDefault(h => h.Key.Equals("Retry-After", StringComparison.OrdinalIgnoreCase))
                    .Value?.FirstOrDefault()
            ),
        };
    }

    private static string Shown(Exception e) => DisplayText.Of(e.GetBaseException().Message);

    private static T? Cause<T>(Exception? e)
        where T : Exception
    {
        while (e is not null and not T)
            e = e.InnerException;
        return (T?)e;
    }
}
