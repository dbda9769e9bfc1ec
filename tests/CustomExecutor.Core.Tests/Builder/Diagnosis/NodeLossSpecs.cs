using CustomExecutor.Core.Builder.Diagnosis;
using k8s.Models;
using static CustomExecutor.Core.Tests.Builder.PodFixtures;

namespace CustomExecutor.Core.Tests.Builder.Diagnosis;

public sealed class NodeLossSpecs
{
    [Theory]
    [InlineData("False", "True")]
    [InlineData("Unknown", "Unknown")]
    public void A_node_that_stopped_answering_is_waited_for_a_minute_before_the_builder_is_ready(
        string ready,
        string containersReady
    )
    {
        Waits(Seen(Lost(ready, containersReady), seconds: 59))
            .Reason.Should()
            .Be("for the builder's node node-1, which does not answer the cluster");
        Fails(Seen(Lost(ready, containersReady), seconds: 60)).Should().StartWith("The builder's node node-1 is lost");
    }

    [Fact]
    public void A_builder_in_use_is_given_up_after_two_minutes_if_it_takes_no_connection_any_more()
    {
        PodDiagnosis
            .Of(InUse(Lost("False", "True"), seconds: 119) with { Connection = new ConnectionTry(false, false) })
            .Should()
            .Be(new PodDiagnosis.Running("10.244.1.7"));
        Fails(InUse(Lost("False", "True"), seconds: 120) with { Connection = new ConnectionTry(false, false) })
            .Should()
            .Contain("it has not answered the cluster for 120 s, and the builder takes no connection any more")
            .And.Contain("Retry the job");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(null)]
    public void A_build_may_go_on_while_its_kubelet_is_away_however_long_that_takes(bool? answers) =>
        PodDiagnosis
            .Of(
                InUse(Lost("False", "True"), seconds: 6000) with
                {
                    Connection = answers is { } answer ? new ConnectionTry(answer, answer) : null,
                }
            )
            .Should()
            .Be(new PodDiagnosis.Running("10.244.1.7"));

    [Fact]
    public void A_container_that_is_not_ready_by_the_kubelets_own_word_is_not_lost() =>
        PodDiagnosis.Of(InUse(Lost("False", "False"), seconds: 600)).Should().BeOfType<PodDiagnosis.Running>();

    [Fact]
    public void A_readiness_gate_that_somebody_injected_is_no_loss()
    {
        var seen = InUse(Lost("False", "True"), seconds: 600);
        seen.Pod.Spec.ReadinessGates = [new V1PodReadinessGate { ConditionType = "example.com/ready" }];

        PodDiagnosis.Of(seen).Should().BeOfType<PodDiagnosis.Running>();
    }

    private static V1PodStatus Lost(string ready, string containersReady)
    {
        var status = Running("10.244.1.7");
        status.Conditions =
        [
            new V1PodCondition { Type = "Ready", Status = ready },
            new V1PodCondition { Type = "ContainersReady", Status = containersReady },
        ];
        return status;
    }
}
