using CustomExecutor.Core.Kubernetes.Answers;
using k8s.Autorest;
using k8s.Models;

namespace CustomExecutor.Kubernetes;

/// <summary>Lets answers in: what leaves here has everything that the code behind it takes for granted.</summary>
internal static class Answers
{
    public static Task<VersionInfo> Version(Task<VersionInfo> call) => Checked(call, ObjectAnswer.Problem);

    /// <summary>The pod of this name.</summary>
    public static Task<V1Pod> Pod(Task<V1Pod> call, string name) => Checked(call, pod => PodAnswer.Problem(pod, name));

    public static Task<V1PodList> Pods(Task<V1PodList> call) => Checked(call, PodAnswer.Problem);

    /// <summary>A list with its headers.</summary>
    public static Task<HttpOperationResponse<V1PodList>> Pods(Task<HttpOperationResponse<V1PodList>> call) =>
        Checked(call, answer => answer?.Response is null ? "it is null" : PodAnswer.Problem(answer.Body));

    /// <summary>The secret of this name, as it was created.</summary>
    public static Task<V1Secret> Secret(Task<V1Secret> call, string name) =>
        Checked(call, secret => ObjectAnswer.Problem(secret, name));

    /// <summary>The deletion of the pod of this name.</summary>
    public static Task<V1Pod> DeletedPod(Task<V1Pod> call, string name) =>
        Checked(call, pod => ObjectAnswer.ProblemOfDeletion(pod, name));

    /// <summary>The deletion of a secret.</summary>
    public static Task<V1Status> DeletedSecret(Task<V1Status> call) => Checked(call, ObjectAnswer.ProblemOfDeletion);

    /// <summary>What a watch reports.</summary>
    public static T Watched<T>(T? thing) =>
        (
            thing switch
            {
                V1Pod pod => PodAnswer.Problem(pod),
                Corev1Event happened => ObjectAnswer.Problem(happened),
                _ => "it is null",
            }
        )
            is { } problem
            ? throw new GarbledAnswerException(problem)
            : thing!;

    /// <summary>The client library's own converters of times and quantities throw these, where a JSON reader would
    /// throw a JsonException.</summary>
    public static bool IsUnreadable(Exception e) => e is FormatException or OverflowException or ArgumentException;

    private static async Task<T> Checked<T>(Task<T> call, Func<T?, string?> problemOf)
    {
        T answer;
        try
        {
            answer = await call;
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            throw new GarbledAnswerException("a value in it can't be read", e);
        }

        return problemOf(answer) is { } problem ? throw new GarbledAnswerException(problem) : answer;
    }
}
