using System.Text.Json.Nodes;
using CustomExecutor.Commands.Try;
using k8s;
using k8s.Models;

namespace CustomExecutor.EndToEnd.JobPod;

/// <summary>Scripts in the job's pod that somebody or something ends, on the real node.</summary>
public sealed class JobEndSpecs
{
    /// <summary>Nobody else sleeps for so long.</summary>
    private const string Step = "sleep 302";

    private const string LongBuild = $"printf 'FROM %s\\nRUN {Step}\\n' $BASE_IMAGE | docker buildx build -";

    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cancelled_script_ends_in_its_container_with_its_build_and_after_script_still_runs()
    {
        await using var attempt = await PodAttempt.Start(new JobOnNode { InPod = true });
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestEnds);
        var running = attempt.Run("build_script", $"sleep 303 & {LongBuild}", cancel: cancel.Token);
        await Eventually.True(async () => running.IsCompleted || await HasStep(attempt.Pod), "the step runs");
        running.IsCompleted.Should().BeFalse(attempt.Log);

        await cancel.CancelAsync();

        var (result, output) = await running;
        result.Outcome.Should().Be(RunnerOutcome.BuildFailure, output);
        await Eventually.True(async () => !await HasStep(attempt.Pod), "no process of the step is left");
        var after = await attempt.Passes(
            "after_script",
            "i=0; while ps | grep -e '[s]leep 303' -e '[b]uildx build' && [ $((i += 1)) -lt 60 ]; do sleep 1; done; "
                + "[ $i -lt 60 ] && echo after"
        );
        after.Should().Contain("after");
        (await attempt.ReadPod()).Metadata.DeletionTimestamp.Should().BeNull();
    }

    [Fact]
    public async Task A_script_that_needs_more_memory_than_its_container_has_names_the_limit()
    {
        using var files = new TemporaryDirectory();
        var settings = JsonNode.Parse(File.ReadAllText(Node.PodSettings))!;
        settings["job"]!["resources"] = new JsonObject
        {
            ["requests"] = new JsonObject { ["memory"] = "50Mi" },
            ["limits"] = new JsonObject { ["memory"] = "100Mi" },
        };
        using var job = new JobOnNode
        {
            InPod = true,
            Settings = files.Write("settings.json", settings.ToJsonString()),
        };

        var (verdict, log) = await job.Run("head -c 300m /dev/zero | tail > /dev/null");

        verdict.Outcome.Should().Be(RunnerOutcome.BuildFailure, log);
        log.Should().Contain("100Mi").And.Contain("job.resources.limits.memory");
    }

    [Fact]
    public async Task A_pod_that_somebody_deletes_under_the_script_is_told_and_a_system_failure()
    {
        await using var attempt = await PodAttempt.Start(new JobOnNode { InPod = true });
        var running = attempt.Run("build_script", LongBuild);
        await Eventually.True(async () => running.IsCompleted || await HasStep(attempt.Pod), "the step runs");

        await Node.Client.CoreV1.DeleteNamespacedPodAsync(
            attempt.Pod,
            Node.Settings.Kubernetes.Namespace,
            new V1DeleteOptions { GracePeriodSeconds = 1 },
            cancellationToken: TestEnds
        );

        var (result, output) = await running;
        result.Outcome.Should().Be(RunnerOutcome.SystemFailure, output);
        output.Should().Contain("was deleted by somebody else while the job used it");
        await Eventually.True(
            async () => !await Node.Pods.HasSecret(attempt.Pod, TestEnds),
            "Kubernetes deletes the secret that the pod owns",
            TimeSpan.FromMinutes(5)
        );
    }

    [Fact]
    public async Task A_driver_that_is_killed_leaves_nothing_after_cleanup()
    {
        await Task.WhenAll(
            KilledInPrepare(async (job, _) => (await PodsOf(job)).Count > 0),
            KilledInPrepare(
                async (job, _) => (await PodsOf(job)) is [{ } pod] && await Node.Pods.HasSecret(pod.Name(), TestEnds)
            ),
            KilledInPrepare(
                async (job, _) =>
                    (await PodsOf(job)) is [{ Status.ContainerStatuses: { } statuses }]
                    && statuses.Any(s => s.State?.Running is not null)
            ),
            KilledInScript()
        );
    }

    private static async Task KilledInPrepare(Func<JobOnNode, WrittenLog, Task<bool>> moment)
    {
        using var job = new JobOnNode { InPod = true, GracefulKillTimeout = TimeSpan.Zero };
        await using var log = new WrittenLog();
        using var attempt = job.Attempt(log);
        await attempt.Config(TestEnds);
        using var kill = CancellationTokenSource.CreateLinkedTokenSource(TestEnds);
        var preparing = attempt.Prepare(kill.Token);
        await Eventually.True(async () => preparing.IsCompleted || await moment(job, log), "the moment comes");
        var pods = await PodsOf(job);
        await kill.CancelAsync();
        await preparing;

        await CleansUp(job, attempt, pods, log);
    }

    private static async Task KilledInScript()
    {
        using var job = new JobOnNode { InPod = true, GracefulKillTimeout = TimeSpan.Zero };
        await using var log = new WrittenLog();
        using var attempt = job.Attempt(log);
        await attempt.Config(TestEnds);
        (await attempt.Prepare(TestEnds)).Outcome.Should().Be(RunnerOutcome.Success, log.Text);
        using var kill = CancellationTokenSource.CreateLinkedTokenSource(TestEnds);
        var running = attempt.Run("build_script", "echo has begun; sleep 300", inProject: false, kill.Token);
        await Eventually.True(() => log.Text.Contains("has begun", StringComparison.Ordinal), "the script runs");
        await kill.CancelAsync();
        await running;

        await CleansUp(job, attempt, await PodsOf(job), log);
    }

    private static async Task CleansUp(JobOnNode job, PlayedAttempt attempt, IList<V1Pod> pods, WrittenLog log)
    {
        pods.Should().NotBeEmpty();
        (await attempt.Cleanup()).Outcome.Should().Be(RunnerOutcome.Success, log.Text);
        await job.PodsAreGone();
        foreach (var pod in pods)
        {
            var name = pod.Metadata.Name;
            await Eventually.True(async () => !await Node.Pods.HasSecret(name, TestEnds), "its secret goes with it");
        }

        Directory
            .EnumerateFiles(attempt.Directory, "*", SearchOption.AllDirectories)
            .Should()
            .OnlyContain(file => !file.Contains("/job/", StringComparison.Ordinal), "the job's files are the pod's");
    }

    private static Task<IList<V1Pod>> PodsOf(JobOnNode job) => Node.Pods.Of(Node.Settings.Instance, job.Id, TestEnds);

    private static async Task<bool> HasStep(string pod) =>
        (await BuilderCommand.Output(pod, "ps")).Contains(Step, StringComparison.Ordinal);
}
