using System.Net;
using CustomExecutor.Core;
using CustomExecutor.Core.Kubernetes;
using k8s.Autorest;

namespace CustomExecutor.Kubernetes;

/// <summary>Turns what an API call throws into a sentence; what an answer means is decided by <see
/// cref="ApiErrorMessage"/>.</summary>
internal static class ApiExceptions
{
    /// <summary>Whether the object is not there (any more).</summary>
    public static bool IsNotFound(Exception e) =>
        e is HttpOperationException { Response.StatusCode: HttpStatusCode.NotFound };

    /// <summary>The sentence: what was tried, the server's answer, and what usually helps.</summary>
    /// <param name="e">What was thrown.</param>
    /// <param name="doing">What was tried, like "create the builder pod in namespace x".</param>
    public static DriverException Of(Exception e, string doing)
    {
        if (e is HttpOperationException { Response: { } response })
        {
            return new DriverException(
                ApiErrorMessage.Sentence((int)response.StatusCode, response.Content, doing),
                inner: e
            );
        }

        var fault = ApiFaultReader.Of(e);
        var remedy = fault?.Remedy is { } text ? $"\n{text}" : "";
        return new DriverException(
            $"The Kubernetes API can't be reached to {doing}: "
                + $"{fault?.Text ?? DisplayText.Of(e.GetBaseException().Message, 400)}{remedy}",
            inner: e
        );
    }
}
