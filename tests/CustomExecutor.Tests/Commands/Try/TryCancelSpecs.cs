using CustomExecutor.Commands.Try;
using CustomExecutor.Core.Settings;
using CustomExecutor.Host.Files;
using CustomExecutor.Kubernetes;
using CustomExecutor.Testing.Faults;

namespace CustomExecutor.Tests.Commands.Try;

/// <summary>Ctrl-C ends what people wait for at once, though the API server does not answer; and the job's builder is
/// deleted.</summary>
public sealed class TryCancelSpecs(FaultBench bench) : IClassFixture<FaultBench>
{
    /// <summary>Shorter than one try of an API call.</summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(20);

    private static readonly FaultRule NoList = new("GET pods", new Fault.Silent(), Times: int.MaxValue);

    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Try_that_is_interrupted_while_it_looks_at_the_builder_cleans_up_and_ends()
    {
        await using var job = await bench.Job(NoList);
        var script = Path.Combine(job.Host.Directory, "script.sh");
        await File.WriteAllTextAsync(script, "echo it runs", TestEnds);
        using var log = new WrittenLog();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestEnds);
        var environment = new Dictionary<string, string>(job.Host.Runner.Environment)
        {
            ["TMPDIR"] = job.Host.Directory,
        };
        var trying = new DriverCall(job.Host.Runner, log).Run(
            ["try", "--script", script],
            environment,
            job.Host.Directory,
            keepStdout: true,
            cancel.Token
        );
        await Eventually.True(() => job.Count("GET pods") == 1 || trying.IsCompleted, "it asks for the builder");

        job.Proxy.Rules = [];
        await cancel.CancelAsync(); // SIGTERM to the group, as Ctrl-C does with SIGINT.

        var result = await trying.WaitAsync(AtOnce, TestEnds);
        result.Exit.Code.Should().Be(RunnerResult.SystemFailureExitCode, log.Text);
        result
            .Stdout.Should()
            .Contain("Job failed: canceled")
            .And.Contain("Cancelled before everything was gone")
            .And.NotContain("it runs");
        job.Count("DELETE pod").Should().BePositive("cleanup runs all the same");
    }

    [Fact]
    public async Task Looking_for_what_is_left_ends_at_once()
    {
        await using var job = await bench.Job(NoList);
        using var output = new WrittenLog();
        using var client = ClusterAccess.Open(KubernetesOf(job), TimeProvider.System);
        using var cancel = new CancellationTokenSource();
        var looking = new TryTraces(
            new BuilderPods(client, bench.Namespace.Name, ApiRetries.None(TimeProvider.System)),
            "gitlab",
            1,
            inPod: false,
            TimeProvider.System
        ).AreGone(new JobLog(output, colours: false), cancel.Token);
        await Eventually.True(() => job.Count("GET pods") == 1, "it looks");

        await cancel.CancelAsync();

        (await looking.WaitAsync(AtOnce, TestEnds)).Should().BeFalse();
        output.Text.Should().Contain("Cancelled before everything was gone");
    }

    [Theory]
    [InlineData("GET pods")]
    [InlineData("DELETE pod")]
    [InlineData("DELETE secret")]
    public async Task Each_call_of_the_reaper_ends_at_once(string call)
    {
        await using var job = await bench.Job(new FaultRule(call, new Fault.Silent(), Times: int.MaxValue));
        using var client = ClusterAccess.Open(KubernetesOf(job), TimeProvider.System);
        using var cancel = new CancellationTokenSource();
        var pods = new BuilderPods(client, bench.Namespace.Name, ApiRetries.None(TimeProvider.System));
        var pod = new k8s.Models.V1Pod
        {
            Metadata = new k8s.Models.V1ObjectMeta { Name = "k8s-builder-1-nobody", Uid = "0" },
        };
        Task calling = call switch
        {
            "GET pods" => pods.List("gitlab", cancel.Token),
            "DELETE pod" => pods.DeleteExactly(pod, cancel.Token),
            _ => pods.DeleteSecret("k8s-builder-1-nobody", cancel.Token),
        };
        await Eventually.True(() => job.Count(call) == 1, "it asks");

        await cancel.CancelAsync();

        await ((Func<Task>)(() => calling.WaitAsync(AtOnce, TestEnds)))
            .Should()
            .ThrowAsync<OperationCanceledException>();
    }

    private static KubernetesSettings KubernetesOf(FaultedJob job) =>
        AdminFile.Load(job.Host.Runner.Arguments[1], new Dictionary<string, string>()).Kubernetes;
}
