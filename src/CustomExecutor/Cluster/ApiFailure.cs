using System.Net;
using System.Text.Json;
using CustomExecutor.Core.Job;
using k8s.Autorest;

namespace CustomExecutor.Cluster;

/// <summary>Turns what an API call throws into a sentence.</summary>
internal static class ApiFailure
{
    /// <summary>Whether the object is not there (any more).</summary>
    public static bool IsNotFound(Exception e) => e is HttpOperationException { Response.StatusCode: HttpStatusCode.NotFound };

    /// <summary>Whether this is a failure of the call, and not a mistake of ours or a cancellation.</summary>
    public static bool IsOne(Exception e) =>
        e is HttpOperationException or HttpRequestException or IOException or TimeoutException or TaskCanceledException { InnerException: TimeoutException };

    /// <summary>The sentence: what was tried, the server's answer, and what usually helps.</summary>
    /// <param name="e">What was thrown.</param>
    /// <param name="doing">What was tried, like "create the builder pod in namespace x".</param>
    public static DriverException Of(Exception e, string doing) => e switch
    {
        HttpOperationException { Response: { } response } => new DriverException(
            $"Kubernetes refused to {doing}: {(int)response.StatusCode} {DisplayText.Of(MessageOf(response.Content) ?? response.ReasonPhrase ?? "", 600)}{Remedy(response.StatusCode)}", inner: e),
        _ => new DriverException($"The Kubernetes API can't be reached to {doing}: {DisplayText.Of(Innermost(e).Message, 400)}", inner: e),
    };

    private static string Remedy(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => "\nThe driver's credentials are not (or no longer) valid for this cluster: see kubernetes.kubeconfig in the settings.",
        HttpStatusCode.Forbidden => "\nThe driver's account lacks a right, a quota is used up or a policy objects: the Role in config/kubernetes lists the rights that are needed.",
        HttpStatusCode.NotFound => "\nDoes the namespace exist? See kubernetes.namespace in the settings.",
        _ => "",
    };

    /// <summary>The message of the server's Status object.</summary>
    private static string? MessageOf(string? content)
    {
        if (string.IsNullOrEmpty(content)) return null;
        try
        {
            using var status = JsonDocument.Parse(content);
            return status.RootElement.TryGetProperty("message", out var message) ? message.GetString() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return content; // A proxy's answer, perhaps.
        }
    }

    private static Exception Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e;
}
