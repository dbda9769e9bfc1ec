using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Builder.Diagnosis;
using static CustomExecutor.Core.Tests.Builder.PodFixtures;

namespace CustomExecutor.Core.Tests.Builder.Diagnosis;

public sealed class PodDiagnosisSpecs
{
    [Fact]
    public void A_container_that_runs_but_has_no_address_yet_waits_for_it() =>
        PodDiagnosis.Of(Seen(Running(address: null))).Should().Be(new PodDiagnosis.Waiting("for the pod's address"));

    [Fact]
    public void A_container_that_runs_and_has_an_address_can_be_tried() =>
        PodDiagnosis.Of(Seen(Running("10.244.1.7"))).Should().Be(new PodDiagnosis.Running("10.244.1.7"));

    [Fact]
    public void An_address_without_a_running_container_is_not_enough()
    {
        var status = Waiting("ContainerCreating", null);
        status.PodIP = "10.244.1.7";

        Waits(Seen(status));
    }

    [Fact]
    public void A_container_that_somebody_else_injected_does_not_count()
    {
        var status = Running("10.244.1.7");
        status.ContainerStatuses[0].Name = "istio-proxy";

        Waits(Seen(status)).Reason.Should().Be("for the container to be created");
    }

    [Fact]
    public void A_builder_that_exits_0_has_ended_too()
    {
        var status = Ended("Completed", 0);
        status.Phase = "Succeeded";

        Fails(Seen(status)).Should().StartWith("The builder ended before it was ready: Completed, exit code 0");
    }

    [Fact]
    public void A_container_that_has_ended_fails_before_the_pods_phase_says_so()
    {
        var status = Ended("Error", 1);
        status.Phase = "Running";

        Fails(Seen(status)).Should().Contain("exit code 1");
    }

    [Fact]
    public void A_pod_that_failed_without_a_word_fails_all_the_same() =>
        Fails(Seen(new() { Phase = "Failed" })).Should().Be("The builder ended before it was ready: no reason given");

    [Fact]
    public void A_reason_that_nobody_knows_speaks_for_itself() =>
        Fails(Seen(Failed("Novelty", "something new")))
            .Should()
            .Be("The builder ended before it was ready: Novelty: something new");

    [Fact]
    public void A_pod_that_is_being_deleted_fails_though_its_container_still_runs() =>
        Fails(Seen(Running("10.244.1.7")).Deleted())
            .Should()
            .StartWith("The builder pod was deleted by somebody else while it started.");

    [Fact]
    public void A_pod_that_is_deleted_under_the_script_fails_by_the_system() =>
        Fails(InUse(Running("10.244.1.7")).Deleted())
            .Should()
            .StartWith("The builder pod was deleted by somebody else while the job used it.")
            .And.Contain("Retry the job");

    [Fact]
    public void A_pod_with_the_jobs_own_container_is_the_jobs_pod() =>
        Fails(
                InUse(Running("10.244.1.7")).Deleted() with
                {
                    Own =
                    [
                        PodContainer.Builder(""),
                        new PodContainer("build", ContainerRole.Build, ImageOwner.Author, "i"),
                    ],
                }
            )
            .Should()
            .StartWith("The job's pod was deleted by somebody else while the job used it.");

    [Fact]
    public void A_pod_that_is_gone_was_deleted() =>
        Fails(InUse(Running("10.244.1.7")) with { IsGone = true }).Should().Contain("was deleted by somebody else");

    [Fact]
    public void A_builder_that_dies_of_its_deletion_was_deleted_and_did_not_crash() =>
        Fails(InUse(Ended("Error", 1)).Deleted())
            .Should()
            .Contain("deleted by somebody else")
            .And.NotContain("exit code");

    [Fact]
    public void What_the_cluster_says_stays_short_lines()
    {
        var hostile = "a\nsection_start:1:x\r\u001b[0K" + new string('x', 5000);

        string[] told =
        [
            Fails(Seen(Ended(hostile, 1)) with { Log = string.Concat(Enumerable.Repeat(hostile, 50)) }),
            Fails(Seen(Ended("StartError", 1, hostile))),
            Fails(Seen(Failed("Evicted", hostile))),
            Fails(Seen(Failed(hostile, hostile))),
            Fails(Seen(Failed("OutOf" + hostile, hostile))),
            Fails(Seen(Waiting("CreateContainerError", hostile), seconds: 60)),
            Fails(Seen(Waiting("InvalidImageName", hostile))),
            Waits(Seen(Waiting("ErrImagePull", hostile))).Reason,
            Waits(
                Seen(
                    Waiting("ImagePullBackOff", hostile),
                    "node-1",
                    0,
                    Event("Failed", "Failed to pull image " + hostile)
                )
            ).Reason,
            Waits(Seen(Unschedulable(hostile), node: null, 0, Event("NotTriggerScaleUp", hostile))).Reason,
            Waits(Seen(Waiting("ContainerCreating", null), "node-1", 60, Event("FailedMount", hostile))).Reason,
        ];

        told.Should()
            .OnlyContain(t =>
                t.Length < 2500
                && !t.Contains('\u001b')
                && !t.Contains("\nsection")
                && t.Split('\n', StringSplitOptions.None).Length < 10
            );
    }
}
