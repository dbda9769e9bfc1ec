using System.Net;
using k8s.Models;

namespace CustomExecutor.Core.Kubernetes.Answers;

/// <summary>
/// Checks that an answer is the requested pod or list of pods. The API server always sends the fields that are required
/// here, but a proxy, or a server that is starting, may send anything with status 200.
/// </summary>
public static class PodAnswer
{
    /// <summary>The API server's limit for activeDeadlineSeconds (it accepts 1 to the largest int32).</summary>
    private const long LongestDeadline = int.MaxValue;

    /// <summary>No real clock shows this year, and adding a duration to a much later time would overflow.</summary>
    private const int LastYear = 9000;

    /// <summary>The problem with a pod; null if there is none.</summary>
    /// <param name="pod">The answer.</param>
    /// <param name="name">The requested name; null to accept any name.</param>
    public static string? Problem(V1Pod? pod, string? name = null) =>
        pod switch
        {
            null => "it is null",
            { Kind: not "Pod" } => "it is not a Pod",
            _ when name is not null && pod.Metadata?.Name != name => "it is another pod",
            _ => ProblemOfItem(pod),
        };

    /// <summary>The problem with a list; null if there is none. Items in a list have no kind.</summary>
    public static string? Problem(V1PodList? list) =>
        list switch
        {
            null => "it is null",
            { Kind: not "PodList" } => "it is not a PodList",
            { Items: null } => "it has no items",
            _ => list.Items.Select(ProblemOfItem).FirstOrDefault(p => p is not null),
        };

    private static string? ProblemOfItem(V1Pod? pod) =>
        pod switch
        {
            null => "a pod is null",
            _ when ObjectAnswer.ProblemOfMetadata(pod.Metadata) is { } problem => problem,
            { Metadata.CreationTimestamp: null } => "a pod has no creationTimestamp",
            { Metadata.CreationTimestamp.Year: >= LastYear }
            or { Metadata.DeletionTimestamp.Year: >= LastYear }
            or { Status.StartTime.Year: >= LastYear } => "a pod has an impossible time",
            { Spec: null } => "a pod has no spec",
            { Spec.ActiveDeadlineSeconds: < 1 or > LongestDeadline } => "a pod has an impossible activeDeadlineSeconds",
            { Spec.Containers: not { Count: > 0 } } => "a pod has no containers",
            { Status.PodIP: { Length: > 0 } address } when !IPAddress.TryParse(address, out _) =>
                "a pod has an impossible podIP",
            _ => null,
        };
}
