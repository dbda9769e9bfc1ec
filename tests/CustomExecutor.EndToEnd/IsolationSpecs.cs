using CustomExecutor.Commands.Try;

namespace CustomExecutor.EndToEnd;

/// <summary>What a job has for itself alone, on the real node.</summary>
public sealed class IsolationSpecs
{
    [Fact]
    public async Task The_builder_is_an_unprivileged_pod_without_a_token_and_nothing_of_the_job_is_left_after_it()
    {
        PlayedAttempt? seen = null;
        var (security, builder) = ("", "");
        using var job = new JobOnNode
        {
            Prepared = async attempt =>
            {
                (seen, builder) = (attempt, attempt.Builder());
                var pod = (
                    await Node.Pods.Of(Node.Settings.Instance, JobId(attempt), TestContext.Current.CancellationToken)
                )
                    .Should()
                    .ContainSingle()
                    .Subject;
                var container = pod.Spec.Containers.Should().ContainSingle().Subject;
                security =
                    $"uid {pod.Spec.SecurityContext.RunAsUser}, token {pod.Spec.AutomountServiceAccountToken}, "
                    + $"privileged {container.SecurityContext.Privileged ?? false}, "
                    + $"drop {string.Join(' ', container.SecurityContext.Capabilities.Drop)}, add "
                    + $"{string.Join(' ', container.SecurityContext.Capabilities.Add)}, volumes "
                    + $"{pod.Spec.Volumes.Count}";
            },
        };

        var (verdict, log) = await job.Run("true");

        verdict.Outcome.Should().Be(RunnerOutcome.Success, log);
        security.Should().Be("uid 1000, token False, privileged False, drop ALL, add SETUID SETGID, volumes 2");
        Directory.GetFileSystemEntries(job.TempRoot).Should().BeEmpty();
        Directory
            .Exists(Path.GetDirectoryName(seen!.BuildsDirectory))
            .Should()
            .BeFalse("the workspace goes with the job");
        await job.PodsAreGone();
        (await Node.Pods.HasSecret(builder, TestContext.Current.CancellationToken)).Should().BeFalse();
    }

    [Fact]
    public async Task Two_jobs_at_once_have_two_builders_and_neither_can_use_the_others()
    {
        var bothReady = new TaskCompletionSource<string>();
        using var victim = new JobOnNode
        {
            Prepared = async attempt =>
            {
                bothReady.SetResult(attempt.Endpoint());
                await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
            },
        };
        // The attacker knows the other's address and name, and has a good certificate: of its own job.
        using var attacker = new JobOnNode
        {
            Prepared = async attempt =>
            {
                var (own, others) = (attempt.Endpoint(), await bothReady.Task);
                own.Should().NotBe(others);
                attempt.WriteInstance(
                    "others",
                    File.ReadAllText(attempt.InstanceFile()).Replace(own, others, StringComparison.Ordinal)
                );
            },
        };

        var victims = victim.Run("docker buildx inspect && sleep 25 && docker buildx inspect");
        var (refused, log) = await attacker.Run(
            "docker buildx inspect && echo own is fine; printf 'FROM scratch' | docker buildx build --builder others -"
        );
        var (unharmed, victimLog) = await victims;

        refused.Should().Be(new RunnerResult(RunnerOutcome.BuildFailure, 1), log);
        log.Should()
            .Contain("own is fine")
            .And.Contain("ERROR: context deadline exceeded", "buildx tells no more of a refused certificate");
        unharmed.Outcome.Should().Be(RunnerOutcome.Success, victimLog);
    }

    [Fact]
    public async Task A_login_in_one_job_is_unknown_to_the_next()
    {
        using var first = new JobOnNode();
        using var second = new JobOnNode();

        var (_, firstLog) = await first.Run(
            "echo '{\"auths\":{\"registry.example.com\":{\"auth\":\"bXk6bG9naW4=\"}}}' > "
                + "$DOCKER_CONFIG/config.json; cat $DOCKER_CONFIG/config.json"
        );
        var (_, secondLog) = await second.Run("cat $DOCKER_CONFIG/config.json ~/.docker/config.json 2>&1");

        firstLog.Should().Contain("bXk6bG9naW4=");
        secondLog.Should().Contain("auths").And.NotContain("bXk6bG9naW4=");
    }

    private static long JobId(PlayedAttempt attempt) =>
        long.Parse(
            Path.GetFileName(Path.GetDirectoryName(attempt.BuildsDirectory)!).Split('-')[0],
            System.Globalization.CultureInfo.InvariantCulture
        );
}
