using CustomExecutor.Core.Builder.Diagnosis;
using k8s;
using k8s.Models;
using static CustomExecutor.Core.Tests.Builder.PodFixtures;

namespace CustomExecutor.Core.Tests.Builder.Diagnosis;

/// <summary>Pods to which a webhook of the cluster added containers, with the status that a kubelet writes for
/// them.</summary>
public sealed class InjectedContainerSpecs
{
    private const string Ended = "The builder ended before it was ready: ";
    private const string Initializing = """{ "waiting": { "reason": "PodInitializing" } }""";
    private const string BackOff =
        """{ "waiting": { "reason": "CrashLoopBackOff", "message": "back-off 20s restarting failed container=mesh pod=x" } }""";
    private const string Exit1 = """{ "terminated": { "exitCode": 1, "reason": "Error" } }""";
    private const string Runs = """{ "running": { "startedAt": "2026-01-01T00:00:00Z" } }""";
    private const string NoPull =
        """{ "waiting": { "reason": "ImagePullBackOff", "message": "Back-off pulling image \"mesh:1\": ErrImagePull: mesh:1: not found" } }""";

    [Theory]
    [InlineData(Exit1, "Error, exit code 1")]
    [InlineData("""{ "terminated": { "exitCode": 137, "reason": "OOMKilled" } }""", "OOMKilled, exit code 137")]
    [InlineData("""{ "terminated": { "exitCode": 255, "reason": "Unknown" } }""", "Unknown, exit code 255")]
    [InlineData("""{ "terminated": { "exitCode": 3 } }""", "no reason given, exit code 3")]
    [InlineData(
        """{ "terminated": { "exitCode": 128, "reason": "StartError", "message": "exec: \"/no\": not found" } }""",
        "StartError, exit code 128: exec: \"/no\": not found"
    )]
    public void An_init_container_that_ended_the_pod_is_named_with_its_end(string state, string end) =>
        Fails(Seen(Pod("Failed", init: ("mesh", state, 0))))
            .Should()
            .StartWith($"{Ended}the init container mesh, which the cluster added to the pod, failed: {end}\n")
            .And.Contain("webhook or policy of the cluster");

    [Fact]
    public void The_message_that_a_container_wrote_itself_is_kept_from_the_author() =>
        Fails(
                Seen(
                    Pod(
                        "Failed",
                        init: (
                            "mesh",
                            """{ "terminated": { "exitCode": 1, "reason": "Error", "message": "token=s3cret" } }""",
                            0
                        )
                    )
                )
            )
            .Should()
            .NotContain("s3cret");

    [Fact]
    public void The_first_container_that_failed_is_named_and_not_one_that_ended_well()
    {
        var pod = Pod("Failed", init: ("good", """{ "terminated": { "exitCode": 0, "reason": "Completed" } }""", 0));
        Add(pod, "bad", Exit1, 0, isInit: true);
        Add(pod, "never", Initializing, 0, isInit: true);

        Fails(Seen(pod)).Should().StartWith($"{Ended}the init container bad,");
    }

    [Fact]
    public void A_name_can_not_forge_a_job_log() =>
        Fails(Seen(Pod("Failed", init: ("a\u001b[0Kb", Exit1, 0))))
            .Should()
            .Contain("the init container a\\u001b[0Kb,");

    [Fact]
    public void A_builder_that_was_never_started_shows_the_reason_of_its_own_state()
    {
        var pod = Pod("Failed");
        pod.Status.ContainerStatuses[0].State = State(
            """{ "waiting": { "reason": "CreateContainerError", "message": "context deadline exceeded" } }"""
        );

        Fails(Seen(pod)).Should().Be($"{Ended}CreateContainerError: context deadline exceeded");
    }

    [Fact]
    public void A_sidecar_that_failed_before_the_builder_was_created_is_named()
    {
        var pod = Pod("Failed");
        Add(pod, "mesh", Exit1, 0, isInit: false);

        Fails(Seen(pod))
            .Should()
            .StartWith($"{Ended}the sidecar mesh, which the cluster added to the pod, failed: Error, exit code 1\n");
    }

    [Fact]
    public void An_init_container_that_takes_its_time_is_waited_for_by_name()
    {
        var seen = Seen(Pod("Pending", init: ("mesh", Runs, 0)), seconds: 3000);

        Waits(seen)
            .Should()
            .Be(new PodDiagnosis.Waiting("for the init container mesh, which the cluster added to the pod, to end"));
    }

    [Fact]
    public void A_native_sidecar_that_takes_its_time_is_waited_for_by_name() =>
        Waits(Seen(Pod("Pending", sidecar: ("mesh", Runs, 0)), seconds: 3000))
            .Reason.Should()
            .Be("for the sidecar mesh, which the cluster added to the pod, to be ready");

    [Fact]
    public void A_sidecar_whose_hook_delays_the_builder_is_waited_for_by_name()
    {
        var pod = Pod("Pending");
        Add(pod, "mesh", Runs, 0, isInit: false);
        var mesh = pod.Spec.Containers[1];
        mesh.Lifecycle = new V1Lifecycle { PostStart = new V1LifecycleHandler() };
        pod.Spec.Containers = [mesh, pod.Spec.Containers[0]];

        Waits(Seen(pod)).Reason.Should().Be("for the sidecar mesh, which the cluster added to the pod, to be ready");
    }

    [Fact]
    public void A_native_sidecar_that_has_started_delays_nothing()
    {
        var pod = Pod("Pending", sidecar: ("mesh", Runs, 0));
        pod.Status.InitContainerStatuses[0].Started = true;

        Waits(Seen(pod)).Reason.Should().Be("for the container to be created");
    }

    [Theory]
    [InlineData(Initializing)]
    [InlineData("""{ "waiting": { "reason": "ContainerCreating" } }""")]
    [InlineData("{}")]
    public void What_keeps_all_containers_from_being_created_is_not_blamed_on_one(string state) =>
        Waits(
            Seen(
                Pod("Pending", init: ("mesh", state, 0)),
                "node-1",
                0,
                Event("FailedCreatePodSandBox", "no IP addresses available")
            )
        )
            .Reason.Should()
            .Be("for the container to be created (FailedCreatePodSandBox: no IP addresses available)");

    [Theory]
    [InlineData(BackOff)]
    [InlineData(Exit1)]
    public void A_native_sidecar_that_crashes_again_and_again_is_named_at_once_and_given_up_later(string state)
    {
        var seen = Seen(Pod("Pending", sidecar: ("mesh", state, 3)));

        Waits(seen)
            .Reason.Should()
            .StartWith("for the sidecar mesh, which the cluster added to the pod (")
            .And.Contain("last end: Error, exit code 1");
        PodWaits.Of(seen).Should().Be(PodWait.Crash);
        Waits(seen with { Since = TimeSpan.FromSeconds(119) });
        Fails(seen with { Since = TimeSpan.FromSeconds(120) })
            .Should()
            .StartWith(
                "The builder can't start: the sidecar mesh, which the cluster added to the pod, fails again and again ("
            )
            .And.Contain("exit code 1")
            .And.EndWith(InjectedContainer.Remedy);
    }

    [Fact]
    public void A_native_sidecar_that_runs_again_after_a_crash_is_not_given_up()
    {
        var seen = Seen(Pod("Pending", sidecar: ("mesh", Runs, 2)), seconds: 600);

        PodWaits.Of(seen).Should().Be(PodWait.Crash, "it is the same wait as between two runs");
        Waits(seen).Reason.Should().Contain("(it runs again; last end: Error, exit code 1)");
    }

    [Theory]
    [InlineData("CreateContainerConfigError", 20)]
    [InlineData("CreateContainerError", 10)]
    [InlineData("RunContainerError", 10)]
    public void A_container_of_the_clusters_that_can_not_be_started_fails_after_the_same_grace_as_the_builder(
        string reason,
        int patience
    )
    {
        var seen = Seen(
            Pod(
                "Pending",
                init: ("mesh", $$"""{ "waiting": { "reason": "{{reason}}", "message": "no such thing" } }""", 0)
            )
        );

        Waits(seen with { Since = TimeSpan.FromSeconds(patience - 1) })
            .Reason.Should()
            .Contain($"mesh, which the cluster added to the pod ({reason}: no such thing)");
        Fails(seen with { Since = TimeSpan.FromSeconds(patience) })
            .Should()
            .Contain("the init container mesh")
            .And.Contain($"({reason}: no such thing)");
    }

    [Theory]
    [InlineData("InvalidImageName")]
    [InlineData("ErrImageNeverPull")]
    public void An_image_of_the_clusters_that_can_never_be_started_fails_at_once(string reason) =>
        Fails(
                Seen(
                    Pod("Pending", init: ("mesh", $$"""{ "waiting": { "reason": "{{reason}}", "message": "x" } }""", 0))
                )
            )
            .Should()
            .Contain("the init container mesh")
            .And.NotContain("builder.image");

    [Fact]
    public void An_image_of_the_clusters_that_can_not_be_pulled_is_not_blamed_on_the_settings()
    {
        var seen = Seen(Pod("Pending", init: ("mesh", NoPull, 0)));

        Waits(seen)
            .Reason.Should()
            .StartWith("for the init container mesh, which the cluster added to the pod (ImagePullBackOff: ");
        Fails(seen with { Since = TimeSpan.FromSeconds(20) })
            .Should()
            .StartWith("The image of the init container mesh, which the cluster added to the pod, can't be pulled (")
            .And.Contain("mesh:1: not found")
            .And.NotContain("builder.image");
    }

    [Fact]
    public void A_reason_that_nobody_knows_is_waited_for_by_the_containers_name() =>
        Waits(Seen(Pod("Pending", init: ("mesh", """{ "waiting": { "reason": "Novelty" } }""", 0)), seconds: 3000))
            .Reason.Should()
            .Contain("mesh")
            .And.Contain("(Novelty)");

    [Theory]
    [InlineData(Exit1, "(Error, exit code 1)")]
    [InlineData(NoPull, "(ImagePullBackOff: Back-off pulling image \"mesh:1\": ErrImagePull: mesh:1: not found)")]
    public void A_sidecar_that_does_not_run_beside_the_builder_is_told_should_the_builder_not_answer(
        string state,
        string shown
    )
    {
        var pod = Serving();
        Add(pod, "mesh", state, 0, isInit: false);

        var running = PodDiagnosis.Of(Seen(pod)).Should().BeOfType<PodDiagnosis.Running>().Which;

        (running.PodIp, running.Trouble)
            .Should()
            .Be(
                (
                    "10.0.0.1",
                    "In the same pod, the sidecar mesh, which the cluster added to the pod, does not run "
                        + $"{shown}.\n{InjectedContainer.Remedy}"
                )
            );
    }

    [Theory]
    [InlineData(Runs)]
    [InlineData("""{ "terminated": { "exitCode": 0, "reason": "Completed" } }""")]
    [InlineData("""{ "waiting": { "reason": "ContainerCreating" } }""")]
    public void A_sidecar_without_a_fault_is_no_trouble(string state)
    {
        var pod = Serving();
        Add(pod, "mesh", state, 0, isInit: false);

        PodDiagnosis.Of(Seen(pod)).Should().Be(new PodDiagnosis.Running("10.0.0.1"));
    }

    [Fact]
    public void A_builder_that_died_is_not_blamed_on_a_sidecar_that_failed_too()
    {
        var pod = Pod("Failed");
        pod.Status.ContainerStatuses[0].State = State("""{ "terminated": { "exitCode": 2, "reason": "Error" } }""");
        Add(pod, "mesh", Exit1, 0, isInit: false);

        Fails(Seen(pod)).Should().StartWith($"{Ended}Error, exit code 2").And.NotContain("mesh");
    }

    private static V1Pod Pod(
        string phase,
        (string Name, string State, int Restarts)? init = null,
        (string Name, string State, int Restarts)? sidecar = null
    )
    {
        var pod = PodFixtures.Pod(Of(phase, State(Initializing)));
        if (init is { } i)
            Add(pod, i.Name, i.State, i.Restarts, isInit: true);
        if (sidecar is not { } s)
            return pod;
        Add(pod, s.Name, s.State, s.Restarts, isInit: true);
        pod.Spec.InitContainers[0].RestartPolicy = "Always";
        return pod;
    }

    private static V1Pod Serving() => PodFixtures.Pod(Running("10.0.0.1"));

    private static PodObservation Seen(V1Pod pod, string node = "node-1", int seconds = 0, params Corev1Event[] events)
    {
        pod.Spec.NodeName = node;
        return new PodObservation(pod) { Since = TimeSpan.FromSeconds(seconds), Events = events };
    }

    private static void Add(V1Pod pod, string name, string state, int restarts, bool isInit)
    {
        var status = new V1ContainerStatus
        {
            Name = name,
            State = State(state),
            RestartCount = restarts,
            LastState = restarts > 0 ? State(Exit1) : null,
        };
        if (isInit)
        {
            (pod.Spec.InitContainers, pod.Status.InitContainerStatuses) = (
                [.. pod.Spec.InitContainers ?? [], new V1Container { Name = name }],
                [.. pod.Status.InitContainerStatuses ?? [], status]
            );
        }
        else
        {
            (pod.Spec.Containers, pod.Status.ContainerStatuses) = (
                [.. pod.Spec.Containers, new V1Container { Name = name }],
                [.. pod.Status.ContainerStatuses, status]
            );
        }
    }

    private static V1ContainerState State(string json) => KubernetesJson.Deserialize<V1ContainerState>(json);
}
