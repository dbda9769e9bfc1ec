using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Job;
using k8s.Models;
using static CustomExecutor.Core.Tests.Builder.PodFixtures;

namespace CustomExecutor.Core.Tests.Builder;

public sealed class PodVerdictSpecs
{
    [Fact]
    public void A_pod_that_no_scheduler_has_seen_waits_for_a_node() =>
        Verdict(new V1PodStatus { Phase = "Pending" }, node: null).Should().Be(new PodVerdict.Waiting("for a node"));

    [Fact]
    public void A_pod_without_a_status_waits_for_a_node() => Verdict(null, node: null).Should().Be(new PodVerdict.Waiting("for a node"));

    [Fact]
    public void A_pod_that_fits_nowhere_waits_for_a_node_and_says_what_lacks() =>
        Verdict(Pending(new V1PodCondition { Type = "PodScheduled", Status = "False", Reason = "Unschedulable", Message = "0/3 nodes are available: 3 Insufficient cpu." }), node: null)
            .Should().Be(new PodVerdict.Waiting("for a node (0/3 nodes are available: 3 Insufficient cpu.)"));

    [Theory]
    [InlineData("ContainerCreating")]
    [InlineData("PodInitializing")]
    public void A_pod_on_a_node_waits_for_its_container(string reason) =>
        Verdict(Waiting(reason, null)).Should().Be(new PodVerdict.Waiting("for the container to be created"));

    [Theory]
    [InlineData("ErrImagePull")]
    [InlineData("ImagePullBackOff")]
    public void A_failed_pull_is_waited_for_as_the_kubelet_tries_again(string reason) =>
        Verdict(Waiting(reason, "pull access denied")).Should().Be(new PodVerdict.Waiting($"for the container ({reason}: pull access denied)"));

    [Fact]
    public void An_image_name_that_is_none_fails_and_names_the_setting() =>
        Failure(Waiting("InvalidImageName", "couldn't parse \"A\"")).Should().Contain("InvalidImageName: couldn't parse \"A\"").And.Contain("builder.image");

    [Fact]
    public void An_image_that_may_not_be_pulled_fails_and_names_the_setting() =>
        Failure(Waiting("ErrImageNeverPull", null)).Should().Contain("(ErrImageNeverPull)").And.Contain("builder.imagePullPolicy");

    [Theory]
    [InlineData("CreateContainerConfigError")]
    [InlineData("CreateContainerError")]
    [InlineData("RunContainerError")]
    public void A_container_that_the_node_can_not_start_fails_with_the_nodes_words(string reason) =>
        Failure(Waiting(reason, "no such profile")).Should().Be($"The node can't start the builder ({reason}: no such profile).");

    [Fact]
    public void A_container_that_runs_but_has_no_address_yet_waits_for_it() =>
        Verdict(Running(address: null)).Should().Be(new PodVerdict.Waiting("for the pod's address"));

    [Fact]
    public void A_container_that_runs_and_has_an_address_can_be_tried() =>
        Verdict(Running("10.244.1.7")).Should().Be(new PodVerdict.Running("10.244.1.7"));

    [Fact]
    public void An_address_without_a_running_container_is_not_enough()
    {
        var status = Waiting("ContainerCreating", null);
        status.PodIP = "10.244.1.7";

        Verdict(status).Should().BeOfType<PodVerdict.Waiting>();
    }

    [Fact]
    public void A_container_that_somebody_else_injected_does_not_count()
    {
        var status = Running("10.244.1.7");
        status.ContainerStatuses[0].Name = "istio-proxy";

        Verdict(status).Should().Be(new PodVerdict.Waiting("for the container to be created"));
    }

    [Fact]
    public void A_builder_that_was_OOM_killed_fails_with_reason_and_code() =>
        Failure(Ended("OOMKilled", 137)).Should().Be("The builder ended before it was ready: OOMKilled, exit code 137");

    [Fact]
    public void A_builder_that_can_not_start_its_daemon_fails_with_the_containers_last_words() =>
        Failure(Ended("Error", 1, "fork/exec /proc/self/exe: operation not permitted"))
            .Should().Be("The builder ended before it was ready: Error, exit code 1: fork/exec /proc/self/exe: operation not permitted");

    [Fact]
    public void A_builder_that_exits_0_has_ended_too()
    {
        var status = Ended("Completed", 0);
        status.Phase = "Succeeded";

        Failure(status).Should().Contain("Completed, exit code 0");
    }

    [Fact]
    public void A_container_that_has_ended_fails_before_the_pods_phase_says_so()
    {
        var status = Ended("Error", 1);
        status.Phase = "Running";

        Failure(status).Should().Contain("exit code 1");
    }

    [Theory]
    [InlineData("Evicted", "Usage of EmptyDir volume \"state\" exceeds the limit \"5Gi\".")]
    [InlineData("DeadlineExceeded", "Pod was active on the node longer than the specified deadline")]
    [InlineData("OutOfcpu", "Node didn't have enough resource: cpu")]
    public void A_pod_that_the_node_gave_up_fails_with_the_nodes_words(string reason, string message) =>
        Failure(new V1PodStatus { Phase = "Failed", Reason = reason, Message = message }).Should().Be($"The builder ended before it was ready: {reason}: {message}");

    [Fact]
    public void A_pod_that_failed_without_a_word_fails_all_the_same() =>
        Failure(new V1PodStatus { Phase = "Failed" }).Should().Be("The builder ended before it was ready: no reason given");

    [Fact]
    public void A_pod_that_is_being_deleted_fails_though_its_container_still_runs()
    {
        var pod = Pod(Running("10.244.1.7"));
        pod.Metadata.DeletionTimestamp = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

        PodVerdict.Of(pod).Should().BeOfType<PodVerdict.Failed>().Which.Message.Should().Contain("deleted by somebody else");
    }

    [Fact]
    public void What_the_cluster_says_stays_one_short_line()
    {
        var hostile = "a\nsection_start:1:x\r\u001b[0K" + new string('x', 5000);

        string[] told =
        [
            Failure(Ended(hostile, 1, hostile)),
            Failure(Waiting("CreateContainerError", hostile)),
            ((PodVerdict.Waiting)Verdict(Waiting("ErrImagePull", hostile))).Reason,
            ((PodVerdict.Waiting)Verdict(Pending(new V1PodCondition { Type = "PodScheduled", Status = "False", Message = hostile }), node: null)).Reason,
        ];

        told.Should().OnlyContain(t => t.Length < 800 && !t.Contains('\n') && !t.Contains('\u001b'));
    }

    private static PodVerdict Verdict(V1PodStatus? status, string? node = "node-1") => PodVerdict.Of(Pod(status, node));

    private static string Failure(V1PodStatus status)
    {
        var failed = Verdict(status).Should().BeOfType<PodVerdict.Failed>().Which;
        failed.Kind.Should().Be(FailureKind.System, "no fault of the cluster's is the job's own failure");
        return failed.Message;
    }
}
