using System.Net;

namespace CustomExecutor.Core.Kubernetes;

/// <summary>Describes a failed API call for people. <see cref="RetryPlan"/> decides about retries.</summary>
public static class ApiErrorMessage
{
    private const int Longest = 1000;

    private static readonly ApiStatus Nothing = new("", "", []);

    /// <summary>The sentence: the attempted action, the server's answer and, on the next line, the remedy.</summary>
    /// <param name="statusCode">The HTTP status code.</param>
    /// <param name="body">The response's body: a Status object, or text of a proxy.</param>
    /// <param name="doing">The attempted action, like "create the builder pod in namespace x".</param>
    public static string Sentence(int statusCode, string? body, string doing)
    {
        var status = ApiStatus.Parse(body);
        var (remedy, isRefusal) = status is null ? JudgeForeign(statusCode) : Judge(statusCode, status);
        var verb = isRefusal ? "Kubernetes refused to" : "Kubernetes could not";
        return $"{verb} {doing}: {Words(statusCode, status, Longest)}{(remedy is null ? "" : $"\n{remedy}")}";
    }

    /// <summary>The answer on one line. A body that is not a Status object is not included.</summary>
    public static string Words(int statusCode, ApiStatus? status, int limit = 200)
    {
        if (status is { Message.Length: > 0 })
            return DisplayText.Of($"{statusCode} {status.Message.Trim()}", limit);
        using var standard = new HttpResponseMessage((HttpStatusCode)statusCode);
        return $"{statusCode} {standard.ReasonPhrase}".TrimEnd()
            + (status is null ? " (the answer has no Kubernetes status)" : "");
    }

    /// <summary>
    /// The same for an answer that is not from Kubernetes, but from a proxy before the API server or from another
    /// server.
    /// </summary>
    private static (string? Remedy, bool IsRefusal) JudgeForeign(int statusCode) =>
        statusCode switch
        {
            >= 300 and < 400 => (
                "The server at this address redirects to another one: set the server of kubernetes.kubeconfig to "
                    + "that one.",
                true
            ),
            401 => Judge(401, Nothing),
            403 or 407 => ("Something before the API server, like a proxy or a gateway, refuses the request.", true),
            413 or 429 or 408 or >= 500 => Judge(statusCode, Nothing),
            _ => (
                "The server that answers is not a Kubernetes API server, or not at this path or protocol: check "
                    + "the server of kubernetes.kubeconfig.",
                true
            ),
        };

    /// <summary>
    /// The remedy, and whether the server refused or failed: a refusal is a decision, a failure is a fault.
    /// </summary>
    private static (string? Remedy, bool IsRefusal) Judge(int statusCode, ApiStatus status) =>
        Admission.Judge(status)
        ?? statusCode switch
        {
            400 => (null, true),
            401 => (
                "The driver's credentials are not (or no longer) valid for this cluster: check "
                    + "kubernetes.kubeconfig in the settings.",
                true
            ),
            403 => (RbacRights.Remedy(status.Message), true),
            404 => (NotFound(status.Message), true),
            409 when status.Reason == "AlreadyExists" => (
                "An object with this name already exists. The next attempt uses a new name.",
                true
            ),
            409 => ("Something else changed the same object at the same time. The next attempt may succeed.", false),
            413 => ("The file that builder.buildkitdConfig names is too large.", true),
            422 => (InvalidFields.Remedy(status), true),
            429 => ("The API server (or a proxy before it) is overloaded. This usually passes.", false),
            408 or >= 500 => (
                "The API server (or a proxy before it) does not work at the moment. This usually passes.",
                false
            ),
            _ => (null, true),
        };

    private static string NotFound(string message)
    {
        if (message.StartsWith("namespaces \"", StringComparison.Ordinal))
        {
            return "The namespace does not exist: create it (kubectl apply -k config/kubernetes), or set "
                + "kubernetes.namespace in the settings.";
        }

        return message.Contains("the server could not find the requested resource", StringComparison.Ordinal)
            ? "The server that answers is not a Kubernetes API server, or has no such resource: check the server "
                + "of kubernetes.kubeconfig."
            : "Does the namespace exist? See kubernetes.namespace in the settings.";
    }
}
