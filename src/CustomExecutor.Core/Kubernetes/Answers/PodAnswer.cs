using System.Net;
using k8s.Models;

namespace CustomExecutor.Core.Kubernetes.Answers;

/// <summary>
/// Says why an answer is not the pod or the list of pods that was asked for. The API server always sends what is
/// required here; a proxy, or a server that is starting, may send anything with status 200.
/// </summary>
public static class PodAnswer
{
    /// <summary>The API server's own bound on activeDeadlineSeconds (its validation: 1 to the largest int32).</summary>
    private const long LongestDeadline = int.MaxValue;

    /// <summary>No cluster's clock says so, and durations can't be added to a time much later.</summary>
    private const int LastYear = 9000;

    /// <summary>What is wrong with one pod; null if nothing is.</summary>
    /// <param name="pod">The answer.</param>
    /// <param name="name">The name that was asked for; null where the answer says it.</param>
    public static string? Problem(V1Pod? pod, string? name = null) =>
        pod switch
        {
            null => "it is null",
            { Kind: not "Pod" } => "it is not a Pod",
            _ when name is not null && pod.Metadata?.Name != name => "it is another pod",
            _ => ProblemOfItem(pod),
        };

    /// <summary>What is wrong with a list; null if nothing is. Items have no kind of their own.</summary>
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
