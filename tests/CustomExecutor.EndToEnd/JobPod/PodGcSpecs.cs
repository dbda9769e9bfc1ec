using System.Text.Json.Nodes;
using CliWrap;
using CliWrap.Buffered;
using CustomExecutor.Commands.Try;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Gc;
using k8s;
using k8s.Models;

namespace CustomExecutor.EndToEnd.JobPod;

/// <summary>Jobs' pods whose driver was killed under a script and whose cleanup never came, on the real node.</summary>
public sealed class PodGcSpecs : IAsyncLifetime
{
    private readonly TemporaryDirectory _files = new();
    private readonly WrittenLog _log = new();
    private readonly List<(JobOnNode Job, PlayedAttempt Attempt)> _started = [];
    private readonly string _instance = $"gc-{Guid.NewGuid():N}"[..16];
    private string _settings = "";

    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        var settings = JsonNode.Parse(File.ReadAllText(Node.PodSettings))!;
        settings["instance"] = _instance;
        settings["workspace"]!["root"] = Path.Join(_files.Path, "workspaces");
        _settings = _files.Write("settings.json", settings.ToJsonString());
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task gc_or_the_next_prepare_removes_them_after_their_deadline_and_a_living_jobs_pod_stays()
    {
        var (ofGc, ofPrepare, living) = (Killed(), Killed(), Prepared());
        await Task.WhenAll(ofGc, ofPrepare, living);
        (await Gc()).Should().Be("nothing removed\n", "their deadline has not come");

        await Expire(await ofGc);
        (await Gc())
            .Should()
            .StartWith($"removed builder {await ofGc} of job ")
            .And.EndWith("removed 1 builder\n")
            .And.NotContain(await ofPrepare);
        await IsGone(await ofGc);

        await Expire(await ofPrepare);
        // It sweeps where nothing on the host says when that was done last.
        await Prepared(JobThatSweeps());
        await IsGone(await ofPrepare);

        var (livingPod, attempt) = await living;
        (await attempt.Run("build_script", "echo lives", inProject: false, TestEnds))
            .Outcome.Should()
            .Be(RunnerOutcome.Success, _log.Text);
        (await Node.Pods.HasSecret(livingPod, TestEnds)).Should().BeTrue();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (job, attempt) in _started)
        {
            await attempt.Cleanup();
            attempt.Dispose();
            job.Dispose();
        }

        _files.Dispose();
        await _log.DisposeAsync();
    }

    private JobOnNode Job() =>
        new()
        {
            InPod = true,
            Settings = _settings,
            GracefulKillTimeout = TimeSpan.Zero,
        };

    private JobOnNode JobThatSweeps()
    {
        while (true)
        {
            var job = Job();
            if (GcTimes.IsTurnOf(job.Id))
                return job;
            job.Dispose();
        }
    }

    private async Task<(string Pod, PlayedAttempt Attempt)> Prepared(JobOnNode? given = null)
    {
        var job = given ?? Job();
        var attempt = job.Attempt(_log);
        lock (_started)
            _started.Add((job, attempt));
        (await attempt.Config(TestEnds)).Outcome.Should().Be(RunnerOutcome.Success, _log.Text);
        (await attempt.Prepare(TestEnds)).Outcome.Should().Be(RunnerOutcome.Success, _log.Text);
        return ((await Node.Pods.Of(_instance, job.Id, TestEnds)).Single().Metadata.Name, attempt);
    }

    /// <returns>The pod that is left.</returns>
    private async Task<string> Killed()
    {
        var (pod, attempt) = await Prepared();
        using var kill = CancellationTokenSource.CreateLinkedTokenSource(TestEnds);
        var running = attempt.Run("build_script", $"echo begun in {pod}; sleep 300", inProject: false, kill.Token);
        await Eventually.True(
            () => _log.Text.Contains($"begun in {pod}\n", StringComparison.Ordinal) || running.IsCompleted,
            "the script runs"
        );
        running.IsCompleted.Should().BeFalse(_log.Text);
        await kill.CancelAsync();
        await running;
        return pod;
    }

    private async Task<string> Gc() =>
        (
            await Cli.Wrap(Node.Driver)
                .WithArguments(["gc", "--settings", _settings])
                .WithEnvironmentVariables(e => e.Set("TMPDIR", _files.Path))
                .ExecuteBufferedAsync(TestEnds)
        ).StandardOutput;

    /// <summary>Lets its time be over.</summary>
    private static async Task Expire(string pod)
    {
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["annotations"] = new JsonObject { [BuilderLabels.ExpiresAt] = "2020-01-01T00:00:00Z" },
            },
            ["spec"] = new JsonObject { ["activeDeadlineSeconds"] = 1 },
        };
        await Node.Client.CoreV1.PatchNamespacedPodAsync(
            new V1Patch(patch.ToJsonString(), V1Patch.PatchType.MergePatch),
            pod,
            Node.Settings.Kubernetes.Namespace,
            cancellationToken: TestEnds
        );
        await Task.Delay(TimeSpan.FromSeconds(2.1), TestEnds); // The API server's times are whole seconds.
    }

    private static async Task IsGone(string pod)
    {
        await Eventually.True(
            async () => await Node.Pods.Find(pod, TestEnds) is null,
            "the pod is gone",
            TimeSpan.FromMinutes(5)
        );
        await Eventually.True(async () => !await Node.Pods.HasSecret(pod, TestEnds), "its secret is gone");
    }
}
