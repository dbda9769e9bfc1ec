using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Builder.Diagnosis;
using k8s.Models;
using static CustomExecutor.Core.Tests.Builder.PodFixtures;

namespace CustomExecutor.Core.Tests.Builder.Diagnosis;

public sealed class BuilderHistorySpecs
{
    private static readonly BuilderChange TimePassed = new BuilderChange.TimePassed();

    private readonly BuilderHistory _history = new(
        Pod(null, node: null),
        BuilderPhase.Starting,
        FollowedContainers.BuilderAlone
    );

    [Fact]
    public void Patience_is_counted_from_when_the_wait_began()
    {
        _history
            .After(new BuilderChange.PodSeen(Pod(Waiting("ContainerCreating", null))), At(100))
            .Should()
            .BeOfType<PodDiagnosis.Waiting>();
        _history
            .After(new BuilderChange.PodSeen(Pod(Waiting("ErrImagePull", "not found"))), At(200))
            .Should()
            .BeOfType<PodDiagnosis.Waiting>();
        _history
            .After(
                new BuilderChange.PodSeen(Pod(Waiting("ImagePullBackOff", "Back-off: ErrImagePull: not found"))),
                At(210)
            )
            .Should()
            .BeOfType<PodDiagnosis.Waiting>();
        _history.After(TimePassed, At(219)).Should().BeOfType<PodDiagnosis.Waiting>();
        _history
            .After(TimePassed, At(220))
            .Should()
            .BeOfType<PodDiagnosis.Failed>("a failed pull and the pause after it are one wait");
    }

    [Fact]
    public void A_wait_that_ended_and_began_again_has_its_patience_anew()
    {
        _history.After(new BuilderChange.PodSeen(Pod(Waiting("CreateContainerError", "busy"))), At(0));
        _history.After(new BuilderChange.PodSeen(Pod(Waiting("ContainerCreating", null))), At(9));
        _history.After(new BuilderChange.PodSeen(Pod(Waiting("CreateContainerError", "busy"))), At(10));

        _history.After(TimePassed, At(19)).Should().BeOfType<PodDiagnosis.Waiting>();
        _history.After(TimePassed, At(20)).Should().BeOfType<PodDiagnosis.Failed>();
    }

    [Fact]
    public void An_event_that_is_repeated_comes_last()
    {
        _history.After(new BuilderChange.EventSeen(Event("TriggeredScaleUp", "more", "Normal", "a")), At(0));
        _history.After(new BuilderChange.EventSeen(Event("NotTriggerScaleUp", "no", "Normal", "b")), At(1));

        (
            (PodDiagnosis.Waiting)
                _history.After(new BuilderChange.EventSeen(Event("TriggeredScaleUp", "more", "Normal", "a")), At(2))
        )
            .Reason.Should()
            .Contain("being made");
    }

    [Fact]
    public void Many_events_are_not_kept_for_ever()
    {
        _history.After(new BuilderChange.EventSeen(Event("TriggeredScaleUp", "more", "Normal")), At(0));
        for (var i = 0; i < 1000; i++)
            _history.After(new BuilderChange.EventSeen(Event("FailedScheduling", $"{i}")), At(1));

        _history.After(TimePassed, At(2)).Should().Be(new PodDiagnosis.Waiting("for a node"));
    }

    [Fact]
    public void The_log_is_worth_reading_once_the_builder_has_ended_and_while_its_pod_is_there()
    {
        _history.HasLog.Should().BeNull();
        _history.After(new BuilderChange.PodSeen(Pod(Running("10.0.0.1"))), At(0));
        _history.HasLog.Should().BeNull();
        _history.After(new BuilderChange.PodSeen(Pod(Ended("Error", 1))), At(1));
        _history.HasLog.Should().Be(PodManifest.Container);
        ((PodDiagnosis.Failed)_history.After(new BuilderChange.LogRead("last words"), At(2)))
            .Message.Should()
            .EndWith("  last words");
        _history.After(new BuilderChange.PodGone(), At(3));
        _history.HasLog.Should().BeNull();
    }

    [Fact]
    public void A_builder_in_use_is_asked_for_an_answer_two_minutes_after_its_node_was_lost_and_until_it_gives_none()
    {
        var history = new BuilderHistory(Pod(Running("10.0.0.1")), BuilderPhase.InUse, FollowedContainers.BuilderAlone);
        history.After(new BuilderChange.PodSeen(Pod(NodeLost())), At(100));
        history.After(TimePassed, At(219));
        history.AddressToTry.Should().BeNull();

        history.After(TimePassed, At(220)).Should().BeOfType<PodDiagnosis.Running>("it is not known yet");
        history.AddressToTry.Should().Be("10.0.0.1");
        history.After(Tried(true), At(221)).Should().BeOfType<PodDiagnosis.Running>();
        history.AddressToTry.Should().Be("10.0.0.1");
        history.After(Tried(false), At(222)).Should().BeOfType<PodDiagnosis.Failed>();
    }

    [Fact]
    public void An_answer_that_failed_to_come_counts_no_more_once_the_node_is_back()
    {
        var history = new BuilderHistory(Pod(Running("10.0.0.1")), BuilderPhase.InUse, FollowedContainers.BuilderAlone);
        history.After(new BuilderChange.PodSeen(Pod(NodeLost())), At(0));
        history.After(Tried(false), At(60)).Should().BeOfType<PodDiagnosis.Running>("patience is not over");
        history.After(new BuilderChange.PodSeen(Pod(Running("10.0.0.1"))), At(61));
        history.After(new BuilderChange.PodSeen(Pod(NodeLost())), At(62));

        history.After(TimePassed, At(182)).Should().BeOfType<PodDiagnosis.Running>();
        history.AddressToTry.Should().Be("10.0.0.1");
    }

    [Fact]
    public void A_builder_that_starts_is_not_asked_for_its_answer()
    {
        _history.After(new BuilderChange.PodSeen(Pod(NodeLost())), At(0));
        _history.After(TimePassed, At(120)).Should().BeOfType<PodDiagnosis.Failed>();
        _history.AddressToTry.Should().BeNull();
    }

    [Fact]
    public void A_builder_that_starts_is_tried_once_its_container_runs_and_until_it_answers()
    {
        _history.After(new BuilderChange.PodSeen(Pod(Waiting("ContainerCreating", null))), At(0));
        _history.AddressToTry.Should().BeNull();
        _history.After(new BuilderChange.PodSeen(Pod(Running("10.0.0.1"))), At(1));
        _history.AddressToTry.Should().Be("10.0.0.1");

        var refused = new ConnectionTry(false, false, "connecting: Connection refused");
        _history
            .After(new BuilderChange.ConnectionTried(refused), At(2))
            .Should()
            .Be(new PodDiagnosis.Running("10.0.0.1", Connection: refused));
        _history.AddressToTry.Should().Be("10.0.0.1");
        _history
            .After(Tried(true), At(3))
            .Should()
            .Be(new PodDiagnosis.Running("10.0.0.1", Connection: new ConnectionTry(true, true)));
        _history.AddressToTry.Should().BeNull();
    }

    [Fact]
    public void A_builder_that_answers_serves_whatever_its_node_tells_the_cluster()
    {
        _history.After(new BuilderChange.PodSeen(Pod(NodeLost())), At(0)).Should().BeOfType<PodDiagnosis.Waiting>();
        _history.AddressToTry.Should().Be("10.0.0.1");

        _history.After(Tried(false), At(1)).Should().BeOfType<PodDiagnosis.Waiting>();
        _history.After(Tried(true), At(2)).Should().BeOfType<PodDiagnosis.Running>();
    }

    [Fact]
    public void A_builder_that_ended_is_not_tried_and_does_not_serve_though_it_has_answered()
    {
        _history.After(new BuilderChange.PodSeen(Pod(Running("10.0.0.1"))), At(0));
        _history.After(new BuilderChange.PodSeen(Pod(Ended("Error", 1))), At(1));
        _history.AddressToTry.Should().BeNull();

        _history.After(Tried(true), At(2)).Should().BeOfType<PodDiagnosis.Failed>();
    }

    private static V1PodStatus NodeLost()
    {
        var status = Running("10.0.0.1");
        status.Conditions = [new V1PodCondition { Type = "Ready", Status = "Unknown" }];
        return status;
    }

    private static BuilderChange.ConnectionTried Tried(bool answers) => new(new ConnectionTry(answers, answers));

    private static TimeSpan At(int seconds) => TimeSpan.FromSeconds(seconds);
}
