using CustomExecutor.Core.Builder.Diagnosis;
using k8s.Models;
using static CustomExecutor.Core.Tests.Builder.PodFixtures;

namespace CustomExecutor.Core.Tests.Builder.Diagnosis;

public sealed class SchedulingSpecs
{
    private const string Preemption =
        " preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.";

    [Fact]
    public void A_pod_that_no_scheduler_has_seen_waits_for_a_node() =>
        Waits(Seen(new V1PodStatus { Phase = "Pending" }, node: null))
            .Should()
            .Be(new PodDiagnosis.Waiting("for a node"));

    [Fact]
    public void A_pod_without_a_status_waits_for_a_node() =>
        Waits(Seen(null, node: null)).Should().Be(new PodDiagnosis.Waiting("for a node"));

    [Fact]
    public void Insufficient_cpu_names_what_is_asked_for()
    {
        var waiting = Waits(Unscheduled("0/3 nodes are available: 3 Insufficient cpu."));

        waiting.Reason.Should().Be("for a node (0/3 nodes are available: 3 Insufficient cpu.)");
        waiting
            .Remedy.Should()
            .Be("Nodes have less than 500m cpu free (builder.resources.requests: lower it, or add nodes).");
    }

    [Fact]
    public void Insufficient_memory_and_others_are_told_one_by_one() =>
        Remedy(
                "0/3 nodes are available: 1 Insufficient memory, 2 Insufficient cpu, 3 Insufficient ephemeral-storage."
                    + Preemption
            )
            .Should()
            .Contain("512Mi memory")
            .And.Contain("500m cpu")
            .And.Contain("too little ephemeral-storage free");

    [Fact]
    public void Insufficient_of_something_that_is_not_asked_for_is_told_all_the_same() =>
        Remedy("0/1 nodes are available: 1 Insufficient nvidia.com/gpu.")
            .Should()
            .Be("Nodes have too little nvidia.com/gpu free (builder.resources.requests).");

    [Theory]
    [InlineData("0/2 nodes are available: 2 node(s) had taint {builders: true}, that the pod didn't tolerate.")]
    [InlineData("0/2 nodes are available: 2 node(s) had untolerated taint {builders: true}." + Preemption)]
    [InlineData("0/2 nodes are available: 2 node(s) had untolerated taint(s)." + Preemption)]
    public void Untolerated_taints_name_the_setting(string message) =>
        Remedy(message).Should().Be("Nodes have a taint that the builder does not tolerate (builder.tolerations).");

    [Theory]
    [InlineData("0/2 nodes are available: 2 node(s) didn't match node selector.")]
    [InlineData("0/2 nodes are available: 2 node(s) didn't match Pod's node affinity.")]
    [InlineData("0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector." + Preemption)]
    public void A_node_selector_that_fits_no_node_is_shown(string message)
    {
        var pod = Pod(
            Unschedulable(message),
            node: null,
            s => s.NodeSelector = new Dictionary<string, string> { ["disk"] = "nvme" }
        );

        Waits(new PodObservation(pod))
            .Remedy.Should()
            .Be(
                "Nodes lack labels that the builder needs (kubernetes.io/os=linux, kubernetes.io/arch=amd64, "
                    + "disk=nvme): builder.nodeSelector sets them."
            );
        pod.Spec.Affinity = new k8s.Models.V1Affinity();
        Waits(new PodObservation(pod))
            .Remedy.Should()
            .Contain("the affinity that the cluster added", "the driver sets none");
    }

    [Theory]
    [InlineData("no nodes available to schedule pods")]
    [InlineData("0/0 nodes are available: ." + Preemption)]
    public void No_nodes_at_all(string message) => Remedy(message).Should().Be("The cluster has no node at all.");

    [Fact]
    public void Too_many_pods() =>
        Remedy("0/2 nodes are available: 2 Too many pods." + Preemption).Should().Contain("as many pods as they may");

    [Fact]
    public void Cordoned_nodes() =>
        Remedy("0/1 nodes are available: 1 node(s) were unschedulable.").Should().Contain("cordoned");

    [Theory]
    [InlineData("0/1 nodes are available: 1 node(s) had volume node affinity conflict.")]
    [InlineData("0/1 nodes are available: 1 node(s) didn't find available persistent volumes to bind.")]
    [InlineData("0/1 nodes are available: 1 node(s) didn't match PersistentVolume's node affinity.")]
    public void What_is_not_known_speaks_for_itself(string message) =>
        Waits(Unscheduled(message)).Should().Be(new PodDiagnosis.Waiting($"for a node ({message})"));

    [Theory]
    [InlineData("TriggeredScaleUp", "pod triggered scale-up: [{builders 1->2 (max: 5)}]")]
    [InlineData("Nominated", "Pod should schedule on: nodeclaim/default-tn8fg")]
    public void A_scale_up_in_progress_is_waited_for_and_needs_no_remedy(string reason, string message) =>
        Waits(
                Unscheduled(
                    "0/1 nodes are available: 1 Insufficient cpu.",
                    Event("FailedScheduling", "x"),
                    Event(reason, message, "Normal")
                )
            )
            .Should()
            .Be(new PodDiagnosis.Waiting($"for a new node, which is being made ({message})"));

    [Theory]
    [InlineData("NotTriggerScaleUp", "pod didn't trigger scale-up: 2 max node group size reached")]
    [InlineData("FailedScaleUp", "Node scale up in zones a associated with this pod failed: GCE quota exceeded.")]
    public void An_autoscaler_that_makes_no_node_says_so(string reason, string message)
    {
        var waiting = Waits(
            Unscheduled(
                "0/1 nodes are available: 1 Insufficient cpu.",
                Event("TriggeredScaleUp", "earlier", "Normal"),
                Event(reason, message, "Normal")
            )
        );

        waiting
            .Reason.Should()
            .Be(
                $"for a node (0/1 nodes are available: 1 Insufficient cpu.), and the autoscaler makes none ({message})"
            );
        waiting.Remedy.Should().Contain("500m cpu");
    }

    [Fact]
    public void Waiting_for_a_node_never_fails_by_itself() =>
        Waits(Seen(Unschedulable("0/1 nodes are available: 1 Insufficient cpu."), node: null, seconds: 86_400));

    private static string? Remedy(string message) => Waits(Unscheduled(message)).Remedy;

    private static PodObservation Unscheduled(string message, params Corev1Event[] events) =>
        Seen(Unschedulable(message), node: null, 0, events);
}
