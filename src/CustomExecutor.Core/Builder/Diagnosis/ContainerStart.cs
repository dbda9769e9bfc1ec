using k8s.Models;

namespace CustomExecutor.Core.Builder.Diagnosis;

/// <summary>A pod on its node whose container does not run yet.</summary>
internal static class ContainerStart
{
    public static PodDiagnosis Judge(PodObservation seen)
    {
        if (InjectedContainer.Before(seen) is { } injected)
            return InjectedStart.Judge(seen, injected);
        if (
            seen.Container?.State?.Waiting
            is not { Reason: not (null or "" or "ContainerCreating" or "PodInitializing") } waiting
        )
        {
            return Creating(seen);
        }

        var shown = Shown(waiting);
        return PodWaits.Of(seen) switch
        {
            PodWait.Image => ImagePull.Judge(seen, waiting),
            PodWait.Configuration => After(
                GracePeriods.Configuration,
                $"The node can't make {seen.Followed.TheContainer} ({shown})."
            ),
            PodWait.Start => After(
                GracePeriods.Start,
                $"The node can't start {seen.Followed.InSentence} ({shown}).{Hint(seen.Followed, waiting.Message)}"
            ),
            _ => waiting.Reason switch
            {
                "InvalidImageName" => new PodDiagnosis.Failed(
                    seen.Followed.Owner == ImageOwner.Author
                        ? $"{seen.Followed.TheImage} has no valid name ({shown}).\nCheck {seen.Followed.ImageKey}."
                        : $"{seen.Followed.TheImage} name is not valid ({shown}).\nSet {seen.Followed.ImageKey} in the "
                            + "settings.",
                    seen.Followed.FailureOfImage
                ),
                "ErrImageNeverPull" => new PodDiagnosis.Failed(
                    $"{seen.Followed.TheImage} is not on the node ({shown}).\n"
                        + (
                            seen.Followed.Owner == ImageOwner.Author
                                ? "Its pull policy is Never (job.pullPolicies in the runner's settings, or "
                                    + "pull_policy in "
                                    + "the pipeline)."
                                : $"{seen.Followed.Settings}.imagePullPolicy is Never: load the image on every "
                                    + "node, or set "
                                    + "IfNotPresent."
                        ),
                    seen.Followed.FailureOfImage
                ),
                _ => new PodDiagnosis.Waiting($"for {seen.TheContainer} ({shown})"),
            },
        };

        PodDiagnosis After(TimeSpan patience, string message) =>
            seen.Since >= patience
                ? new PodDiagnosis.Failed(WithChanges(message, seen), seen.Followed.FailureOfImage)
                : new PodDiagnosis.Waiting($"for {seen.TheContainer} ({shown})");
    }

    /// <summary>Why a container can't be started, where its image is the likely reason.</summary>
    public static string Hint(PodContainer container, string? message) =>
        message switch
        {
            not null
                when message.Contains("executable file not found", StringComparison.Ordinal)
                    || message.Contains("no such file or directory", StringComparison.Ordinal) => container.Role switch
            {
                ContainerRole.Buildkitd =>
                    "\nIs builder.image an image of rootless BuildKit (a tag that ends in -rootless)?",
                ContainerRole.Service => "",
                _ => $"\nThe image must have a shell (sh): check {container.ImageKey}.",
            },
            not null when message.Contains("exec format error", StringComparison.Ordinal) => container.Owner
            == ImageOwner.Author
                ? "\nThe image is not for this node's architecture."
                : $"\n{container.ImageKey} is not for this node's architecture: set builder.nodeSelector, like "
                    + "\"kubernetes.io/arch\": \"amd64\".",
            not null when message.Contains("no space left on device", StringComparison.Ordinal) =>
                "\nThe node's disk is full.",
            not null when message.Contains("apparmor", StringComparison.OrdinalIgnoreCase) =>
                "\nThe AppArmor profile that the pod was given is not loaded on the node.",
            _ => "",
        };

    /// <summary>The message, and on the next line what the cluster changed in the pod.</summary>
    public static string WithChanges(string message, PodObservation seen) =>
        PodChanges.Of(seen.Pod) is { } changes ? $"{message}\n{changes}" : message;

    /// <summary>The container is being created: volumes, the pod's network. What goes wrong there is told by events
    /// alone, and tried again.</summary>
    private static PodDiagnosis.Waiting Creating(PodObservation seen)
    {
        var node = seen.LastEvent("NodeNotReady") is null
            ? ""
            : ", whose node does not answer the cluster (NodeNotReady)";
        var trouble = seen.LastEvent(
            "FailedMount",
            "FailedAttachVolume",
            "FailedCreatePodSandBox",
            "FailedCreatePodContainer"
        );
        if (trouble is null || SecretRace.IsIt(trouble, seen.Since))
        {
            return
                seen.LastEvent("Pulling", "Pulled") is { Reason: "Pulling" } pull
                && FollowedContainers.IsAbout(pull, seen.Followed)
                ? new($"for t{seen.Followed.TheImage[1..]} to be pulled{node}")
                : new($"for {seen.TheContainer} to be created{node}");
        }

        var remedy = SecretRace.IsMissing(trouble)
            ? $"The {seen.Resident}'s secret is missing: has somebody deleted it?"
            : null;
        var shown = DisplayText.Of($"{trouble.Reason}: {trouble.Message}", 400);
        return new($"for {seen.TheContainer} to be created{node} ({shown})", remedy);
    }

    /// <summary>The kubelet's reason and words.</summary>
    public static string Shown(V1ContainerStateWaiting waiting) =>
        DisplayText.Of(
            waiting.Message is { Length: > 0 }
                ? $"{waiting.Reason}: {waiting.Message}"
                : waiting.Reason ?? "no reason given",
            600
        );
}
