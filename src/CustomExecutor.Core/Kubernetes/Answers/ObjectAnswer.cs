using k8s.Models;

namespace CustomExecutor.Core.Kubernetes.Answers;

/// <summary>
/// Checks that an answer is the requested version, event, secret or deletion. Methods return the problem, or null.
/// </summary>
public static class ObjectAnswer
{
    /// <summary>The answer of <c>/version</c>.</summary>
    public static string? Problem(VersionInfo? version) =>
        version switch
        {
            null => "it is null",
            _ when !IsNumber(version.Major) || !IsNumber(version.Minor) => "it has no version numbers",
            _ => null,
        };

    /// <summary>A secret that was created.</summary>
    public static string? Problem(V1Secret? secret, string name) =>
        secret switch
        {
            null => "it is null",
            { Kind: not "Secret" } => "it is not a Secret",
            _ when secret.Metadata?.Name != name => "it is another secret",
            _ => ProblemOfMetadata(secret.Metadata),
        };

    /// <summary>An event that a watch reports.</summary>
    public static string? Problem(Corev1Event? happened) =>
        happened switch
        {
            null => "it is null",
            { Kind: not "Event" } => "it is not an Event",
            _ => ProblemOfMetadata(happened.Metadata),
        };

    /// <summary>The deletion of a pod: the server answers with the pod, or with a Status that says Success.</summary>
    /// <param name="answer">The answer, deserialized as a pod.</param>
    /// <param name="name">The pod's name.</param>
    public static string? ProblemOfDeletion(V1Pod? answer, string name) =>
        answer?.Kind switch
        {
            "Status" => null, // A Status that says Failure can't be deserialized as a pod.
            "Pod" => answer.Metadata?.Name == name ? null : "it is another pod",
            _ => "it is neither a Status nor a Pod",
        };

    /// <summary>
    /// The deletion of a secret: the server answers with a Status that says Success, or with the secret while
    /// finalizers delay the deletion.
    /// </summary>
    /// <param name="answer">The answer, deserialized as a Status. A Status has no name.</param>
    public static string? ProblemOfDeletion(V1Status? answer) =>
        answer switch
        {
            { Kind: "Status", Status: "Success" } => null,
            { Kind: "Secret", ApiVersion: "v1" } => null,
            _ => "it is neither a Secret nor a Status that says Success",
        };

    internal static string? ProblemOfMetadata(V1ObjectMeta? meta) =>
        meta switch
        {
            null => "it has no metadata",
            { Name: null or "" } => "it has no name",
            { Uid: null or "" } => "it has no uid",
            { ResourceVersion: null or "" } => "it has no resourceVersion",
            _ => null,
        };

    /// <summary>Some vendors use minor versions like "29+".</summary>
    private static bool IsNumber(string? text) => text is { Length: > 0 and < 20 } && char.IsAsciiDigit(text[0]);
}
