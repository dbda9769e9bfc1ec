using k8s.Models;

namespace CustomExecutor.Core.Builder.Diagnosis;

/// <summary>How far a builder's start has come, and what its author is told: each thing once, in the order in which the
/// cluster tells it.</summary>
/// <param name="seen">The pod as an earlier stage has told of it.</param>
public sealed class BuilderProgress(V1Pod? seen = null)
{
    /// <summary>Warnings by which somebody can do something; the rest (say, a node without a DNS setting) is for the
    /// admin's log.</summary>
    private static readonly string[] WarningsToTell =
    [
        "Failed",
        "BackOff",
        "FailedMount",
        "FailedCreatePodSandBox",
        "FailedScheduling",
        "Evicted",
        "Preempted",
        "OOMKilling",
    ];

    private readonly HashSet<string> _told = [.. Scheduled(seen)];
    private readonly HashSet<string> _reached = [];

    /// <summary>The marks of <see cref="StartReport"/> that the builder has reached.</summary>
    public IReadOnlySet<string> Reached => _reached;

    /// <summary>The lines that are new with a change.</summary>
    /// <param name="change">The change.</param>
    /// <param name="diagnosis">The diagnosis after it: what can be done about a wait is told once it is known.</param>
    /// <param name="age">How long the builder has been followed.</param>
    public IReadOnlyList<string> After(BuilderChange change, PodDiagnosis diagnosis, TimeSpan age)
    {
        _reached.UnionWith(StartReport.Reached(change, diagnosis));
        string?[] lines =
        [
            change switch
            {
                BuilderChange.PodSeen changed => Scheduled(changed.Pod).FirstOrDefault(),
                BuilderChange.EventSeen seen => LineOf(seen.Event, age),
                _ => null,
            },
            (diagnosis as PodDiagnosis.Waiting)?.Remedy,
        ];
        return [.. lines.OfType<string>().Where(_told.Add)];
    }

    private static IEnumerable<string> Scheduled(V1Pod? pod) =>
        pod?.Spec?.NodeName is { Length: > 0 } node ? [$"Scheduled on node {DisplayText.Of(node)}"] : [];

    private static string? LineOf(Corev1Event happened, TimeSpan age) =>
        happened switch
        {
            _ when SecretRace.IsIt(happened, age) => null,
            { Reason: "Pulling" } => DisplayText.Of(happened.Message ?? "Pulling the image"),
            _ when StartReport.IsPull(happened) => DisplayText.Of(happened.Message),
            { Reason: "TriggeredScaleUp" or "Nominated" } =>
                $"Waiting for a new node: {DisplayText.Of(happened.Message ?? "")}",
            { Reason: "NotTriggerScaleUp" or "FailedScaleUp" } =>
                $"Warning: no new node is being made: {DisplayText.Of($"{happened.Reason}: {happened.Message}", 400)}",
            { Type: "Warning" } when WarningsToTell.Contains(happened.Reason) =>
                $"Warning: {DisplayText.Of($"{happened.Reason}: {happened.Message}", 400)}",
            _ => null,
        };
}
