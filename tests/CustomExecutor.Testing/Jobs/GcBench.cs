using System.Text.Json.Nodes;
using CustomExecutor.Commands.Try;
using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Kubernetes;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Settings;
using CustomExecutor.Gc;
using CustomExecutor.Host;
using CustomExecutor.Host.Files;
using CustomExecutor.Kubernetes;
using CustomExecutor.Testing.Cluster;
using k8s;
using k8s.Models;

namespace CustomExecutor.Testing.Jobs;

/// <summary>How a call of gc ended.</summary>
internal sealed record GcResult(int Code, string[] Lines, string Errors)
{
    public string Summary => Lines[^1];
}

/// <summary>A host and a namespace in which jobs have left something; time passes as the specs say.</summary>
internal sealed class GcBench(Bench bench) : IAsyncDisposable
{
    /// <summary>Nothing that a clock of today could mean.</summary>
    private const string LongAgo = "2020-01-01T00:00:00Z";

    public Bench Bench => bench;

    public RunnerHost Host => bench.Host;

    public TestNamespace Namespace => bench.Namespace;

    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    public static async Task<GcBench> Create(Action<JsonObject>? settings = null) => new(await Bench.Create(settings));

    /// <summary>The program, as people and timers call it: without anything of a runner's.</summary>
    public Task<GcResult> Gc(params string[] options) => Gc(Host, options);

    public static async Task<GcResult> Gc(RunnerHost host, params string[] options)
    {
        using var errors = new WrittenLog();
        var environment = new Dictionary<string, string>(host.Runner.Environment) { ["TMPDIR"] = host.Runner.TempRoot };
        var result = await new DriverCall(host.Runner, errors).Run(
            ["gc", .. options],
            environment,
            host.Directory,
            keepStdout: true,
            TestEnds
        );
        return new GcResult(result.Exit.Code ?? -1, result.Stdout.TrimEnd('\n').Split('\n'), errors.Text);
    }

    /// <summary>The same within the test, so much later by this host's clocks.</summary>
    public async Task<GcResult> GcAfter(TimeSpan time)
    {
        var (lines, now) = (new List<string>(), HostClock.Now(TimeProvider.System));
        var report = new GcReport(dryRun: false, lines.Add);
        var settings = AdminFile.Load(Host.Runner.Arguments[1], new Dictionary<string, string>());
        var later = now with { Clock = now.Clock + time, AfterBoot = now.AfterBoot + time };
        await new GcRun(settings, settings.Instance, [Host.Runner.TempRoot], later, report).Collect(
            () => new BuilderPods(TestCluster.Admin, Namespace.Name, ApiRetries.None(TimeProvider.System)),
            null,
            TestEnds
        );
        return new GcResult(
            report.Problems.Count == 0 ? 0 : 2,
            [.. lines, report.Summary()],
            string.Join('\n', report.Problems)
        );
    }

    /// <summary>A builder's pod and secret as prepare makes them, without a node that starts it.</summary>
    public async Task<V1Pod> Builder(
        long jobId,
        string instance = "gitlab",
        TimeSpan clockOff = default,
        Action<V1Pod>? change = null
    )
    {
        var job = JobContext.From(
            new JobResponse
            {
                Id = jobId,
                GitInfo = new GitInfo("https://gitlab.example.com/group/project.git"),
                RunnerInfo = new RunnerInfo(60),
            },
            "/tmp/x"
        );
        var settings = new DriverSettings
        {
            Instance = instance,
            Kubernetes = new KubernetesSettings { Namespace = Namespace.Name },
        };
        var spec = BuilderPlanner.Plan(
            job,
            settings,
            BuilderPlanner.NameOf(jobId, Guid.NewGuid().ToString("N")[..8]),
            new ServerVersion(1, 20),
            System.Runtime.InteropServices.Architecture.X64,
            null,
            DateTimeOffset.UtcNow + clockOff
        );
        var pod = PodManifest.Create(spec);
        change?.Invoke(pod);
        pod = await TestCluster.Admin.CoreV1.CreateNamespacedPodAsync(pod, Namespace.Name, cancellationToken: TestEnds);
        var secret = SecretManifest.Create(
            spec with
            {
                Name = pod.Metadata.Name,
            },
            new ServerCredentials("ca", "cert", "key"),
            pod.Metadata.Uid
        );
        await TestCluster.Admin.CoreV1.CreateNamespacedSecretAsync(secret, Namespace.Name, cancellationToken: TestEnds);
        return pod;
    }

    /// <summary>Lets a builder's time be over: what it says of it is long ago, and its deadline was a second after its
    /// creation.</summary>
    public async Task Expire(string name)
    {
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [BuilderLabels.ExpiresAt] = LongAgo } },
            ["spec"] = new JsonObject { ["activeDeadlineSeconds"] = 1 },
        };
        await TestCluster.Admin.CoreV1.PatchNamespacedPodAsync(
            new V1Patch(patch.ToJsonString(), V1Patch.PatchType.MergePatch),
            name,
            Namespace.Name,
            cancellationToken: TestEnds
        );
        await Task.Delay(TimeSpan.FromSeconds(2.1), TestEnds); // The API server's times are whole seconds.
    }

    /// <summary>Lets an attempt's time be over as well: its record is of another host, days ago.</summary>
    public async Task Expire(JobAttempt attempt)
    {
        Change(attempt, r => r with { Began = new HostTime(DateTimeOffset.UtcNow.AddDays(-3), TimeSpan.Zero, "", "") });
        await Expire(attempt.State.Builder);
    }

    /// <summary>Changes what an attempt's record says.</summary>
    public void Change(JobAttempt attempt, Func<AttemptRecord, AttemptRecord> change) =>
        Host.Records.Write(change(RecordOf(attempt)));

    public AttemptRecord RecordOf(JobAttempt attempt) => Host.Records.Read(Path.GetFileName(attempt.Workspace))!;

    public async Task<IEnumerable<string>> Builders() =>
        (await Namespace.Pods()).Where(p => p.Metadata.DeletionTimestamp is null).Select(p => p.Metadata.Name);

    public ValueTask DisposeAsync() => bench.DisposeAsync();
}
