using CustomExecutor.Core.Builder.Diagnosis;
using static CustomExecutor.Core.Tests.Builder.PodFixtures;

namespace CustomExecutor.Core.Tests.Builder.Diagnosis;

public sealed class ContainerStartSpecs
{
    private const string NoSecret =
        "MountVolume.SetUp failed for volume \"config\" : secret \"" + BuilderFixtures.Name + "\" not found";

    [Theory]
    [InlineData("ContainerCreating")]
    [InlineData("PodInitializing")]
    public void A_pod_on_a_node_waits_for_its_container(string reason) =>
        Waits(Seen(Waiting(reason, null))).Should().Be(new PodDiagnosis.Waiting("for the container to be created"));

    [Fact]
    public void An_image_name_that_is_none_fails_and_names_the_setting() =>
        Fails(Seen(Waiting("InvalidImageName", "couldn't parse \"A\"")))
            .Should()
            .Contain("InvalidImageName: couldn't parse \"A\"")
            .And.Contain("builder.image");

    [Fact]
    public void An_image_that_may_not_be_pulled_fails_and_names_the_setting() =>
        Fails(Seen(Waiting("ErrImageNeverPull", "Container image \"x\" is not present with pull policy of Never")))
            .Should()
            .Contain("(ErrImageNeverPull: ")
            .And.Contain("builder.imagePullPolicy");

    [Theory]
    [InlineData("CreateContainerConfigError", 20)]
    [InlineData("CreateContainerError", 10)]
    [InlineData("RunContainerError", 10)]
    public void A_container_that_can_not_be_started_fails_with_the_nodes_words_after_a_grace(
        string reason,
        int patience
    )
    {
        Waits(Seen(Waiting(reason, "no such thing"), seconds: patience - 1))
            .Reason.Should()
            .Be($"for the container ({reason}: no such thing)");
        Fails(Seen(Waiting(reason, "no such thing"), seconds: patience)).Should().Contain($"({reason}: no such thing)");
    }

    [Fact]
    public void A_reason_that_nobody_knows_is_waited_for() =>
        Waits(Seen(Waiting("Novelty", null), seconds: 600)).Reason.Should().Be("for the container (Novelty)");

    [Theory]
    [InlineData(NoSecret)]
    [InlineData(
        "MountVolume.SetUp failed for volume \"config\" : failed to sync secret cache: timed out waiting for the "
            + "condition"
    )]
    [InlineData(
        "MountVolume.SetUp failed for volume \"config\" : object \"gitlab-builders\"/\"x/"
            + BuilderFixtures.Name
            + "\" not registered"
    )]
    public void A_secret_that_is_not_there_yet_alarms_nobody(string message) =>
        Waits(Seen(Waiting("ContainerCreating", null), "node-1", 9, Event("FailedMount", message)))
            .Should()
            .Be(new PodDiagnosis.Waiting("for the container to be created"));

    [Fact]
    public void A_secret_that_stays_away_is_told_of() =>
        Waits(Seen(Waiting("ContainerCreating", null), "node-1", 10, Event("FailedMount", NoSecret)))
            .Should()
            .Be(
                new PodDiagnosis.Waiting(
                    $"for the container to be created (FailedMount: {NoSecret})",
                    "The builder's secret is missing: has somebody deleted it?"
                )
            );

    [Theory]
    [InlineData("FailedMount", "MountVolume.SetUp failed for volume \"ca\" : secret \"someone-elses\" not found")]
    [InlineData("FailedCreatePodSandBox", "Failed to create pod sandbox: no IP addresses available in range")]
    public void What_keeps_a_container_from_being_created_is_told_at_once(string reason, string message) =>
        Waits(Seen(Waiting("ContainerCreating", null), "node-1", 0, Event(reason, message)))
            .Reason.Should()
            .Be($"for the container to be created ({reason}: {message})");

    [Fact]
    public void A_node_that_stops_answering_meanwhile_is_told_of() =>
        Waits(Seen(Waiting("ContainerCreating", null), "node-1", 0, Event("NodeNotReady", "Node is not ready")))
            .Reason.Should()
            .Contain("does not answer the cluster");

    [Theory]
    [InlineData(
        "failed to create containerd task: exec: \"rootlesskit\": executable file not found in $PATH",
        "rootless BuildKit"
    )]
    [InlineData("exec /usr/bin/rootlesskit: exec format error", "architecture")]
    [InlineData("mkdir /x: no space left on device", "disk is full")]
    [InlineData("apparmor failed to apply profile", "AppArmor")]
    public void A_container_that_the_runtime_can_not_start_says_what_to_look_at(string message, string hint)
    {
        Fails(Seen(Ended("StartError", 128, message)))
            .Should()
            .StartWith("The node can't start the builder (StartError: ")
            .And.Contain(hint);
        Fails(Seen(Ended("ContainerCannotRun", 127, message))).Should().Contain(hint);
        Fails(Seen(Waiting("RunContainerError", message), seconds: 10)).Should().Contain(hint);
    }
}
