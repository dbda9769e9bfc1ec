using System.Collections.Concurrent;
using CustomExecutor.Core.Builder.Diagnosis;
using k8s.Models;

namespace CustomExecutor.Core.Builder;

/// <summary>What an author is told while a builder starts: each thing once, in the order in which the cluster tells it.
/// The pod and its events may be followed side by side.</summary>
public sealed class BuilderProgress
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

    private readonly ConcurrentDictionary<string, bool> _told = new();

    /// <summary>Lines that are new with this state of the pod.</summary>
    public IEnumerable<string> After(V1Pod pod)
    {
        if (pod.Spec.NodeName is { Length: > 0 } node && _told.TryAdd("node", true))
            yield return $"Scheduled on node {DisplayText.Of(node)}";
    }

    /// <summary>What can be done about a wait, when it is first known.</summary>
    public IEnumerable<string> After(PodDiagnosis diagnosis)
    {
        if (diagnosis is PodDiagnosis.Waiting { Remedy: { } remedy } && _told.TryAdd(remedy, true))
            yield return remedy;
    }

    /// <summary>Lines that are new with this event of the pod.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="age">How long the builder has been followed.</param>
    public IEnumerable<string> After(Corev1Event happened, TimeSpan age = default)
    {
        var line = happened switch
        {
            _ when SecretRace.IsIt(happened, age) => null,
            { Reason: "Pulling" } => DisplayText.Of(happened.Message ?? "Pulling the image"),
            { Reason: "Pulled", Message: { } message }
                when message.StartsWith("Successfully", StringComparison.Ordinal) => DisplayText.Of(message),
            { Reason: "TriggeredScaleUp" or "Nominated" } =>
                $"Waiting for a new node: {DisplayText.Of(happened.Message ?? "")}",
            { Reason: "NotTriggerScaleUp" or "FailedScaleUp" } =>
                $"Warning: no new node is being made: {DisplayText.Of($"{happened.Reason}: {happened.Message}", 400)}",
            { Type: "Warning" } when WarningsToTell.Contains(happened.Reason) =>
                $"Warning: {DisplayText.Of($"{happened.Reason}: {happened.Message}", 400)}",
            _ => null,
        };
        if (line is not null && _told.TryAdd(line, true))
            yield return line;
    }
}
