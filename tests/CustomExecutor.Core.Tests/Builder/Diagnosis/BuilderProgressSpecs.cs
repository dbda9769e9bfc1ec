using CustomExecutor.Core.Builder.Diagnosis;
using k8s.Models;

namespace CustomExecutor.Core.Tests.Builder.Diagnosis;

public sealed class BuilderProgressSpecs
{
    private readonly BuilderProgress _progress = new();

    [Fact]
    public void I_am_told_once_on_which_node_the_builder_is()
    {
        Told(OnNode(null)).Should().BeEmpty();
        Told(OnNode("")).Should().BeEmpty();
        Told(OnNode("node-1")).Should().Equal("Scheduled on node node-1");
        Told(OnNode("node-1")).Should().BeEmpty();
    }

    [Fact]
    public void I_am_told_of_a_pull_but_not_of_an_image_that_is_there_already()
    {
        Told("Normal", "Pulling", "Pulling image \"buildkit\"").Should().Equal("Pulling image \"buildkit\"");
        Told("Normal", "Pulled", "Successfully pulled image \"buildkit\" in 2s")
            .Should()
            .Equal("Successfully pulled image \"buildkit\" in 2s");
        Told("Normal", "Pulled", "Container image \"buildkit\" already present on machine").Should().BeEmpty();
    }

    [Fact]
    public void I_am_told_that_a_node_is_being_made_for_me() =>
        Told("Normal", "TriggeredScaleUp", "pod triggered scale-up: [{group 1->2}]")
            .Should()
            .Equal("Waiting for a new node: pod triggered scale-up: [{group 1->2}]");

    [Fact]
    public void I_am_told_that_no_node_is_being_made_for_me() =>
        Told("Normal", "NotTriggerScaleUp", "pod didn't trigger scale-up: 1 max node group size reached")
            .Should()
            .Equal(
                "Warning: no new node is being made: NotTriggerScaleUp: pod didn't trigger scale-up: 1 max node "
                    + "group size reached"
            );

    [Fact]
    public void I_am_told_once_what_can_be_done_about_a_wait()
    {
        Told(new PodDiagnosis.Waiting("for a node")).Should().BeEmpty();
        Told(new PodDiagnosis.Waiting("for a node", "Add nodes.")).Should().Equal("Add nodes.");
        Told(new PodDiagnosis.Waiting("for a node, still", "Add nodes.")).Should().BeEmpty();
        Told(new PodDiagnosis.Running("10.0.0.1")).Should().BeEmpty();
    }

    [Fact]
    public void I_am_not_alarmed_by_a_secret_that_is_just_being_created()
    {
        var happened = PodFixtures.Event(
            "FailedMount",
            $"MountVolume.SetUp failed for volume \"config\" : secret \"{BuilderFixtures.Name}\" not found"
        );

        Told(happened, TimeSpan.FromSeconds(1)).Should().BeEmpty();
        Told(happened, TimeSpan.FromSeconds(10))
            .Should()
            .ContainSingle()
            .Which.Should()
            .StartWith("Warning: FailedMount: ");
    }

    [Theory]
    [InlineData("FailedScheduling")]
    [InlineData("Failed")]
    [InlineData("BackOff")]
    [InlineData("FailedMount")]
    [InlineData("FailedCreatePodSandBox")]
    [InlineData("Evicted")]
    [InlineData("Preempted")]
    [InlineData("OOMKilling")]
    public void I_am_warned_of_what_somebody_can_mend(string reason) =>
        Told("Warning", reason, "because").Should().Equal($"Warning: {reason}: because");

    [Theory]
    [InlineData("Warning", "MissingClusterDNS")]
    [InlineData("Normal", "Created")]
    [InlineData("Normal", "Started")]
    [InlineData("Normal", "Scheduled")]
    [InlineData("Normal", "FailedScheduling")]
    [InlineData(null, null)]
    public void The_rest_is_not_told(string? type, string? reason) => Told(type, reason, "message").Should().BeEmpty();

    [Fact]
    public void The_same_event_is_told_once_and_another_one_again()
    {
        Told("Warning", "FailedScheduling", "0/1 nodes").Should().HaveCount(1);
        Told("Warning", "FailedScheduling", "0/1 nodes").Should().BeEmpty();
        Told("Warning", "FailedScheduling", "0/2 nodes").Should().HaveCount(1);
    }

    [Theory]
    [InlineData("Normal", "Pulling")]
    [InlineData("Normal", "TriggeredScaleUp")]
    [InlineData("Warning", "Failed")]
    public void An_event_without_words_does_no_harm(string type, string reason) =>
        Told(type, reason, null).Should().HaveCount(1);

    [Theory]
    [InlineData("Normal", "Pulling")]
    [InlineData("Normal", "TriggeredScaleUp")]
    [InlineData("Warning", "Failed")]
    public void What_the_cluster_says_stays_one_short_line(string type, string reason) =>
        Told(type, reason, "a\nsection_start:1:x\r\u001b[0K" + new string('x', 5000))
            .Should()
            .OnlyContain(l => l.Length < 500 && !l.Contains('\n') && !l.Contains('\u001b'));

    [Fact]
    public void The_marks_of_a_start_are_reached_one_by_one()
    {
        Told(OnNode(null));
        _progress.Reached.Should().BeEmpty();
        Told(OnNode("node-1"));
        Told("Normal", "Pulling", "Pulling image \"buildkit\"");
        Told("Normal", "Pulled", "Container image \"buildkit\" already present on machine");
        _progress.Reached.Should().BeEquivalentTo(StartReport.Scheduled, StartReport.Pulling);

        Told("Normal", "Pulled", "Successfully pulled image \"buildkit\" in 2s");
        Told(new PodDiagnosis.Running("10.0.0.1"));
        Told(new BuilderChange.ConnectionTried(new ConnectionTry(false, true, "TLS handshake: EOF")));
        _progress
            .Reached.Should()
            .BeEquivalentTo(
                StartReport.Scheduled,
                StartReport.Pulling,
                StartReport.Pulled,
                StartReport.Started,
                StartReport.Listening
            );
        Told(new BuilderChange.ConnectionTried(new ConnectionTry(true, true)));
        _progress.Reached.Should().Contain(StartReport.Handshake);
    }

    private IReadOnlyList<string> Told(string? type, string? reason, string? message) =>
        Told(
            new Corev1Event
            {
                Type = type,
                Reason = reason,
                Message = message,
            }
        );

    private IReadOnlyList<string> Told(Corev1Event happened, TimeSpan age = default) =>
        Told(new BuilderChange.EventSeen(happened), age: age);

    private IReadOnlyList<string> Told(V1Pod pod) => Told(new BuilderChange.PodSeen(pod));

    private IReadOnlyList<string> Told(PodDiagnosis diagnosis) => Told(new BuilderChange.TimePassed(), diagnosis);

    private IReadOnlyList<string> Told(BuilderChange change, PodDiagnosis? diagnosis = null, TimeSpan age = default) =>
        _progress.After(change, diagnosis ?? new PodDiagnosis.Waiting("for a node"), age);

    private static V1Pod OnNode(string? node) => new() { Spec = new V1PodSpec { NodeName = node } };
}
