using CustomExecutor.Core.Builder.Diagnosis;
using k8s.Models;
using static CustomExecutor.Core.Tests.Builder.PodFixtures;

namespace CustomExecutor.Core.Tests.Builder.Diagnosis;

public sealed class BuilderHistorySpecs
{
    private readonly BuilderHistory _history = new(Pod(null, node: null), BuilderPhase.Starting);

    [Fact]
    public void Patience_is_counted_from_when_the_wait_began()
    {
        _history.After(Pod(Waiting("ContainerCreating", null)), At(100)).Should().BeOfType<PodDiagnosis.Waiting>();
        _history.After(Pod(Waiting("ErrImagePull", "not found")), At(200)).Should().BeOfType<PodDiagnosis.Waiting>();
        _history
            .After(Pod(Waiting("ImagePullBackOff", "Back-off: ErrImagePull: not found")), At(210))
            .Should()
            .BeOfType<PodDiagnosis.Waiting>();
        _history.At(At(219)).Should().BeOfType<PodDiagnosis.Waiting>();
        _history
            .At(At(220))
            .Should()
            .BeOfType<PodDiagnosis.Failed>("a failed pull and the pause after it are one wait");
    }

    [Fact]
    public void A_wait_that_ended_and_began_again_has_its_patience_anew()
    {
        _history.After(Pod(Waiting("CreateContainerError", "overloaded")), At(0));
        _history.After(Pod(Waiting("ContainerCreating", null)), At(9));
        _history.After(Pod(Waiting("CreateContainerError", "overloaded")), At(10));

        _history.At(At(19)).Should().BeOfType<PodDiagnosis.Waiting>();
        _history.At(At(20)).Should().BeOfType<PodDiagnosis.Failed>();
    }

    [Fact]
    public void An_event_that_is_repeated_comes_last()
    {
        _history.After(Event("TriggeredScaleUp", "more", "Normal", "a"), At(0));
        _history.After(Event("NotTriggerScaleUp", "no", "Normal", "b"), At(1));

        ((PodDiagnosis.Waiting)_history.After(Event("TriggeredScaleUp", "more", "Normal", "a"), At(2)))
            .Reason.Should()
            .Contain("being made");
    }

    [Fact]
    public void Many_events_are_not_kept_for_ever()
    {
        _history.After(Event("TriggeredScaleUp", "more", "Normal"), At(0));
        for (var i = 0; i < 1000; i++)
            _history.After(Event("FailedScheduling", $"{i}"), At(1));

        _history.At(At(2)).Should().Be(new PodDiagnosis.Waiting("for a node"));
    }

    [Fact]
    public void The_log_is_worth_reading_once_the_builder_has_ended_and_while_its_pod_is_there()
    {
        _history.HasLog.Should().BeFalse();
        _history.After(Pod(Running("10.0.0.1")), At(0));
        _history.HasLog.Should().BeFalse();
        _history.After(Pod(Ended("Error", 1)), At(1));
        _history.HasLog.Should().BeTrue();
        ((PodDiagnosis.Failed)_history.AfterItsLog("last words", At(2))).Message.Should().EndWith("  last words");
        _history.AfterItWasGone(At(3));
        _history.HasLog.Should().BeFalse();
    }

    [Fact]
    public void A_builder_in_use_is_asked_for_an_answer_two_minutes_after_its_node_was_lost_and_until_it_gives_none()
    {
        var history = new BuilderHistory(Pod(Running("10.0.0.1")), BuilderPhase.InUse);
        history.After(Pod(NodeLost()), At(100));
        history.At(At(219));
        history.HangsOnAnswer.Should().BeFalse();

        history.At(At(220)).Should().BeOfType<PodDiagnosis.Running>("it is not known yet");
        history.HangsOnAnswer.Should().BeTrue();
        history.AfterAConnection(true, At(221)).Should().BeOfType<PodDiagnosis.Running>();
        history.HangsOnAnswer.Should().BeTrue();
        history.AfterAConnection(false, At(222)).Should().BeOfType<PodDiagnosis.Failed>();
    }

    [Fact]
    public void An_answer_that_failed_to_come_counts_no_more_once_the_node_is_back()
    {
        var history = new BuilderHistory(Pod(Running("10.0.0.1")), BuilderPhase.InUse);
        history.After(Pod(NodeLost()), At(0));
        history.AfterAConnection(false, At(60)).Should().BeOfType<PodDiagnosis.Running>("patience is not over");
        history.After(Pod(Running("10.0.0.1")), At(61));
        history.After(Pod(NodeLost()), At(62));

        history.At(At(182)).Should().BeOfType<PodDiagnosis.Running>();
        history.HangsOnAnswer.Should().BeTrue();
    }

    [Fact]
    public void A_builder_that_starts_is_not_asked_for_its_answer()
    {
        _history.After(Pod(NodeLost()), At(0));
        _history.At(At(120)).Should().BeOfType<PodDiagnosis.Failed>();
        _history.HangsOnAnswer.Should().BeFalse();
    }

    private static V1PodStatus NodeLost()
    {
        var status = Running("10.0.0.1");
        status.Conditions = [new V1PodCondition { Type = "Ready", Status = "Unknown" }];
        return status;
    }

    private static TimeSpan At(int seconds) => TimeSpan.FromSeconds(seconds);
}
