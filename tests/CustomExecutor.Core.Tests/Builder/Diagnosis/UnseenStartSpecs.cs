using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Builder.Diagnosis;
using k8s.Models;
using static CustomExecutor.Core.Tests.Builder.PodFixtures;

namespace CustomExecutor.Core.Tests.Builder.Diagnosis;

/// <summary>While the kubelet pulls the image of a later container, the pod's status does not tell that an earlier one
/// runs.</summary>
public sealed class UnseenStartSpecs
{
    private static readonly PodContainer Helper = new(
        "helper",
        ContainerRole.Helper,
        ImageOwner.Admin,
        "registry.example.com/helper:1"
    );

    private static readonly PodContainer Build = new(
        "build",
        ContainerRole.Build,
        ImageOwner.Author,
        "registry.example.com/slow:1"
    );

    [Fact]
    public void The_event_of_its_start_is_enough_to_use_a_container()
    {
        var history = History(Helper);

        history.After(Seen("helper", "Pulling"), TimeSpan.Zero).Should().BeOfType<PodDiagnosis.Waiting>();
        history.After(Seen("build", "Started"), TimeSpan.Zero).Should().BeOfType<PodDiagnosis.Waiting>();
        history.AddressToTry.Should().BeNull();
        history
            .After(Seen("helper", "Started"), TimeSpan.Zero)
            .Should()
            .Be(new PodDiagnosis.Running(""), "the status has no address either");
        history.AddressToTry.Should().Be("", "a job's pod is used by exec");
    }

    [Fact]
    public void The_status_counts_once_it_tells_of_the_container()
    {
        var history = History(Helper);
        history.After(Seen("helper", "Started"), TimeSpan.Zero);

        var ended = Status(
            new V1ContainerState
            {
                Terminated = new V1ContainerStateTerminated { ExitCode = 1, Reason = "Error" },
            }
        );

        history
            .After(new BuilderChange.PodSeen(Pod(ended)), TimeSpan.Zero)
            .Should()
            .BeOfType<PodDiagnosis.Failed>()
            .Which.Message.Should()
            .Contain("The helper ended");
    }

    [Fact]
    public void An_image_that_is_being_pulled_is_what_is_waited_for_and_has_its_name()
    {
        var history = History(Helper, Build);

        history.After(Seen("helper", "Started"), TimeSpan.Zero);
        history
            .After(Seen("build", "Pulling"), TimeSpan.Zero)
            .Should()
            .Be(new PodDiagnosis.Waiting("for the job's image registry.example.com/slow:1 to be pulled"));
        history
            .After(Seen("build", "Pulled"), TimeSpan.Zero)
            .Should()
            .Be(new PodDiagnosis.Waiting("for the job's container (image registry.example.com/slow:1) to be created"));
    }

    private static BuilderHistory History(params PodContainer[] needed) =>
        new(Pod(Status(Creating)), BuilderPhase.Starting, new FollowedContainers(needed, [Helper, Build]));

    private static V1ContainerState Creating =>
        new() { Waiting = new V1ContainerStateWaiting { Reason = "ContainerCreating" } };

    private static V1PodStatus Status(V1ContainerState helper) =>
        new()
        {
            Phase = "Pending",
            ContainerStatuses =
            [
                new V1ContainerStatus { Name = "helper", State = helper },
                new V1ContainerStatus { Name = "build", State = Creating },
            ],
        };

    private static BuilderChange.EventSeen Seen(string container, string reason)
    {
        var happened = Event(reason, null, "Normal");
        happened.InvolvedObject.FieldPath = $"spec.containers{{{container}}}";
        return new BuilderChange.EventSeen(happened);
    }
}
