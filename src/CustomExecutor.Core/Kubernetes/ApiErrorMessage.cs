using System.Net;

namespace CustomExecutor.Core.Kubernetes;

/// <summary>What an API call's failure means to people. Whether the call is tried again is for <see cref="RetryPlan"/>
/// to say.</summary>
public static class ApiErrorMessage
{
    private const int Longest = 1000;

    private static readonly ApiStatus Nothing = new("", "", []);

    /// <summary>The sentence: what was tried, the server's answer and, on the next line, the remedy.</summary>
    /// <param name="statusCode">HTTP's.</param>
    /// <param name="body">The response's body: a Status object, or what a proxy says.</param>
    /// <param name="doing">What was tried, like "create the builder pod in namespace x".</param>
    public static string Sentence(int statusCode, string? body, string doing)
    {
        var status = ApiStatus.Parse(body);
        var (remedy, isRefusal) = status is null ? JudgeForeign(statusCode) : Judge(statusCode, status);
        var verb = isRefusal ? "Kubernetes refused to" : "Kubernetes could not";
        return $"{verb} {doing}: {Words(statusCode, status, Longest)}{(remedy is null ? "" : $"\n{remedy}")}";
    }

    /// <summary>The answer on one line. A body that is not a Status object does not appear in it.</summary>
    public static string Words(int statusCode, ApiStatus? status, int limit = 200)
    {
        if (status is { Message.Length: > 0 })
            return DisplayText.Of($"{statusCode} {status.Message.Trim()}", limit);
        using var standard = new HttpResponseMessage((HttpStatusCode)statusCode);
        return $"{statusCode} {standard.ReasonPhrase}".TrimEnd()
            + (status is null ? " (the answer has no Kubernetes status)" : "");
    }

    /// <summary>The same for an answer that is not Kubernetes' own: what is before the API server gave it, or another
    /// server.</summary>
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

    /// <summary>The remedy, and whether the server refused or could not: people read the one as somebody's decision,
    /// the other as trouble.</summary>
    private static (string? Remedy, bool IsRefusal) Judge(int statusCode, ApiStatus status) =>
        Admission.Judge(status)
        ?? statusCode switch
        {
            400 => (null, true),
            401 => (
                "The driver's credentials are not (or no longer) valid for this cluster: see kubernetes.kubeconfig "
                    + "in the settings.",
                true
            ),
            403 => (RbacRights.Remedy(status.Message), true),
            404 => (NotFound(status.Message), true),
            409 when status.Reason == "AlreadyExists" => (
                "An object of this name is there already; the next attempt takes a fresh name.",
                true
            ),
            409 => ("Somebody else changes the same object; the next attempt may succeed.", false),
            413 => ("The file that builder.buildkitdConfig names is too large.", true),
            422 => (InvalidFields.Remedy(status), true),
            429 => ("The API server (or a proxy before it) is busy and asks to be asked later.", false),
            408 or >= 500 => ("The API server (or a proxy before it) is in trouble; this usually passes.", false),
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
