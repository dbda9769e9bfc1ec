using CustomExecutor.Commands.Try;
using CustomExecutor.Testing.Faults;

namespace CustomExecutor.Tests.Kubernetes.Faults;

/// <summary>How long calls are tried again, what of it is told, and what ends it.</summary>
public sealed class RetrySpecs : IAsyncLifetime
{
    private readonly FaultBench _bench = new();

    public ValueTask InitializeAsync() => _bench.InitializeAsync();

    [Fact]
    public async Task A_server_that_never_recovers_ends_prepare_in_time_with_a_sentence()
    {
        await using var job = await _bench.Job(
            s => s["builder"]!["prepareTimeoutSeconds"] = 15,
            new FaultRule("POST pods", new Fault.Answer(503), Times: int.MaxValue)
        );

        (await job.Fails())
            .Should()
            .Contain("create the builder pod in namespace")
            .And.Contain("503 the proxy's 503")
            .And.Contain("The Kubernetes API is not answering (503 the proxy's 503), trying again")
            .And.MatchRegex("It was tried [0-9]+ times over [0-9]+ s");

        job.Count("POST pods").Should().BeGreaterThan(2);
    }

    [Fact]
    public async Task The_author_is_not_told_of_what_passes_within_a_moment_but_the_admin_is()
    {
        await using var job = await _bench.Job(new FaultRule("POST pods", new Fault.Answer(503)));

        await job.Succeeds();

        job.Log.Should().NotContain("503");
        (await File.ReadAllTextAsync(job.Host.AdminLog, TestContext.Current.CancellationToken))
            .Should()
            .Contain("503 the proxy's 503")
            .And.Contain("create the builder pod");
    }

    [Fact]
    public async Task A_watch_that_never_comes_about_is_told_when_prepare_gives_up()
    {
        await using var job = await _bench.Job(
            s => s["builder"]!["prepareTimeoutSeconds"] = 15,
            new FaultRule("WATCH pods", new Fault.Answer(503), Times: int.MaxValue)
        );

        (await job.Fails())
            .Should()
            .Contain("not ready within")
            .And.Contain("When time ran out, the Kubernetes API was not responding (503 the proxy's 503)");
    }

    [Fact]
    public async Task A_cancelled_prepare_does_not_wait_for_the_next_try()
    {
        await using var job = await _bench.Job(
            new FaultRule("POST pods", new Fault.Answer(503, RetryAfter: 30), Times: int.MaxValue)
        );
        using var cancel = new CancellationTokenSource();
        var preparing = job.Prepare(cancel.Token);
        await Eventually.True(() => job.Count("POST pods") == 1, "it waits for the second try");

        await cancel.CancelAsync();

        (await preparing).Outcome.Should().Be(RunnerOutcome.SystemFailure, job.Record);
        job.Attempt.Stages.LastCall.Exit.Code.Should().Be(RunnerResult.SystemFailureExitCode);
        job.Log.Should().Contain("prepare was cancelled by the runner");
        job.Count("POST pods").Should().Be(1);
        await job.IsCleanedUp();
    }

    [Fact]
    public async Task A_pod_that_somebody_deletes_while_its_watch_is_silent_is_missed()
    {
        _bench.Node.Starts = pod => _bench.Namespace.DeleteNow(pod.Pod);
        await using var job = await _bench.Job(
            new FaultRule("WATCH pods", new Fault.WatchSilent(0), Times: int.MaxValue)
        );

        (await job.Fails()).Should().Contain("was deleted by somebody else");
    }

    [Fact]
    public async Task A_token_that_was_renewed_meanwhile_is_read_anew()
    {
        await using var job = await _bench.Job();
        var kubeconfig = Path.Combine(job.Host.Directory, "kubeconfig");
        var valid = await File.ReadAllTextAsync(kubeconfig, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            kubeconfig,
            System.Text.RegularExpressions.Regex.Replace(valid, "token: [^}]*", "token: expired"),
            TestContext.Current.CancellationToken
        );
        await File.WriteAllTextAsync(kubeconfig + ".renewed", valid, TestContext.Current.CancellationToken);
        job.Proxy.Meets = _ =>
        {
            // By a rename, and once: who reads it meanwhile must not find half a file.
            if (File.Exists(kubeconfig + ".renewed"))
                File.Move(kubeconfig + ".renewed", kubeconfig, overwrite: true);
            return Task.CompletedTask;
        };

        await job.Succeeds();

        job.Proxy.Calls.Should().ContainSingle(c => c.Answer == 401);
    }

    [Fact]
    public async Task A_create_that_got_no_answer_is_looked_for_and_not_done_again()
    {
        await using var job = await _bench.Job(
            new FaultRule("POST pods", new Fault.ResetAfter()),
            new FaultRule("POST secrets", new Fault.ResetAfter())
        );

        await job.Succeeds();

        job.Proxy.Calls.Where(c => c.Kind == "POST pods").Select(c => c.Answer).Should().Equal(201, 409);
        job.Proxy.Calls.Where(c => c.Kind == "POST secrets")
            .Select(c => c.Answer)
            .Should()
            .Equal([201, 409, 201], "a secret can't be read, so it is made anew");
        job.Count("GET pod").Should().Be(1);
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();
}
