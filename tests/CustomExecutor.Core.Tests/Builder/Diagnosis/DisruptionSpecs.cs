using k8s.Models;
using static CustomExecutor.Core.Tests.Builder.PodFixtures;

namespace CustomExecutor.Core.Tests.Builder.Diagnosis;

public sealed class DisruptionSpecs
{
    [Theory]
    [InlineData("DeadlineExceeded", "Pod was active on the node longer than the specified deadline", "timeout")]
    [InlineData("Preempting", "Preempted in order to admit critical pod", "higher priority")]
    [InlineData("NodeLost", "Node n which was running pod p is unresponsive", "no longer answers")]
    [InlineData("NodeShutdown", "Pod was rejected as the node is shutting down.", "shut down")]
    [InlineData("Shutdown", "Node is shutting, evicting pods", "shut down")]
    [InlineData("Terminated", "Pod was terminated in response to imminent node shutdown.", "shut down")]
    [InlineData(
        "OutOfcpu",
        "Node didn't have enough resource: cpu, requested: 500, used: 4000, capacity: 4000",
        "room on the node"
    )]
    [InlineData("NodeAffinity", "Predicate NodeAffinity failed", "refused it")]
    [InlineData("UnexpectedAdmissionError", "Allocate failed", "refused it")]
    public void A_pod_that_its_node_gave_up_fails_by_the_system_in_both_phases(
        string reason,
        string message,
        string remedy
    )
    {
        Fails(Seen(Failed(reason, message)))
            .Should()
            .StartWith($"The builder ended before it was ready: {reason}: {message}\n")
            .And.Contain(remedy);
        Fails(InUse(Failed(reason, message)))
            .Should()
            .StartWith($"The builder ended while the job used it: {reason}: {message}\n")
            .And.Contain(remedy);
    }

    [Theory]
    [InlineData(
        "PreemptionByScheduler",
        "default-scheduler: preempting to accommodate a higher priority pod",
        "higher priority"
    )]
    [InlineData("DeletionByTaintManager", "Taint manager: deleting due to NoExecute taint", "builder.tolerations")]
    [InlineData("DeletionByPodGC", "PodGC: node no longer exists", "node is gone")]
    [InlineData("EvictionByEvictionAPI", "Eviction API: evicting", "drained")]
    [InlineData("Novelty", "something new", "Retry the job")]
    public void Who_takes_a_pod_away_says_so_in_a_condition(string reason, string message, string remedy)
    {
        var status = Running("10.244.1.7");
        status.Conditions =
        [
            new V1PodCondition
            {
                Type = "DisruptionTarget",
                Status = "True",
                Reason = reason,
                Message = message,
            },
        ];

        Fails(InUse(status).Deleted())
            .Should()
            .StartWith($"The builder ended while the job used it: {reason}: {message}\n")
            .And.Contain(remedy);
    }

    [Theory]
    [InlineData("Preempted", "Preempted by kube-system/critical on node node-1", "higher priority")]
    [InlineData("TaintManagerEviction", "Marking for deletion Pod gitlab-builders/x", "builder.tolerations")]
    [InlineData("Evicted", "Evicted pod: Underutilized", "drained")]
    public void Before_1_26_an_event_says_so(string reason, string message, string remedy) =>
        Fails(InUse(Running("10.244.1.7"), 0, Event(reason, message, "Normal")).Deleted())
            .Should()
            .Contain($"{reason}: {message}\n")
            .And.Contain(remedy);

    [Fact]
    public void A_taint_of_a_node_that_stopped_answering_is_the_loss_of_the_node()
    {
        var events = new[]
        {
            Event("NodeNotReady", "Node is not ready"),
            Event("TaintManagerEviction", "Marking for deletion Pod gitlab-builders/x", "Normal"),
        };

        Fails(InUse(Running("10.244.1.7"), 0, events).Deleted())
            .Should()
            .Contain("node.kubernetes.io/unreachable")
            .And.NotContain("builder.tolerations");
    }

    [Fact]
    public void A_taint_that_was_lifted_again_is_no_reason() =>
        Fails(
                InUse(
                        Running("10.244.1.7"),
                        0,
                        Event("TaintManagerEviction", "Cancelling deletion of Pod gitlab-builders/x", "Normal")
                    )
                    .Deleted()
            )
            .Should()
            .Contain("deleted by somebody else");

    [Fact]
    public void An_event_of_preemption_alone_ends_nothing() =>
        CustomExecutor
            .Core.Builder.Diagnosis.PodDiagnosis.Of(InUse(Running("10.244.1.7"), 0, Event("Preempted", "x", "Normal")))
            .Should()
            .BeOfType<CustomExecutor.Core.Builder.Diagnosis.PodDiagnosis.Running>();
}
