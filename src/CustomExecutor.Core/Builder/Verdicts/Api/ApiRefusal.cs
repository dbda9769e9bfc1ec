using CustomExecutor.Core.Job;

namespace CustomExecutor.Core.Builder.Verdicts.Api;

/// <summary>What an API call's failure means to people. Whether the call is tried again is for <see cref="Cluster.RetryPlan"/> to say.</summary>
public static class ApiRefusal
{
    private const int Longest = 1000;

    /// <summary>The sentence: what was tried, the server's answer and, on the next line, the remedy.</summary>
    /// <param name="statusCode">HTTP's.</param>
    /// <param name="body">The response's body: a Status object, or what a proxy says.</param>
    /// <param name="reasonPhrase">HTTP's words, for want of better ones.</param>
    /// <param name="doing">What was tried, like "create the builder pod in namespace x".</param>
    public static string Sentence(int statusCode, string? body, string? reasonPhrase, string doing)
    {
        var status = ApiStatus.Parse(body);
        var (remedy, isRefusal) = Judge(statusCode, status);
        var verb = isRefusal ? "Kubernetes refused to" : "Kubernetes could not";
        var words = DisplayText.Of((status.Message.Length > 0 ? status.Message : reasonPhrase ?? "").Trim(), Longest);
        return $"{verb} {doing}: {statusCode} {words}{(remedy is null ? "" : $"\n{remedy}")}";
    }

    /// <summary>The remedy, and whether the server refused or could not: people read the one as somebody's decision, the other as trouble.</summary>
    private static (string? Remedy, bool IsRefusal) Judge(int statusCode, ApiStatus status) => Admission.Judge(status) ?? statusCode switch
    {
        400 => (null, true),
        401 => ("The driver's credentials are not (or no longer) valid for this cluster: see kubernetes.kubeconfig in the settings.", true),
        403 => (Rights.Remedy(status.Message), true),
        404 => (NotFound(status.Message), true),
        409 when status.Reason == "AlreadyExists" => ("An object of this name is there already; the next attempt takes a fresh name.", true),
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
            return "The namespace does not exist: create it (kubectl apply -k config/kubernetes), or set kubernetes.namespace in the settings.";
        return message.Contains("the server could not find the requested resource", StringComparison.Ordinal)
            ? "What answers there is no Kubernetes API server, or one without this resource: check the server of kubernetes.kubeconfig."
            : "Does the namespace exist? See kubernetes.namespace in the settings.";
    }
}
