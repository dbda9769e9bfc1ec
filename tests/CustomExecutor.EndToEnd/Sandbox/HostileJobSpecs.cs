using CustomExecutor.Commands.Try;

namespace CustomExecutor.EndToEnd.Sandbox;

/// <summary>A job that is after another's files, keys and processes, and the driver's own, as the same user on the same
/// host.</summary>
public sealed class HostileJobSpecs(TwoConfinedJobs jobs) : IClassFixture<TwoConfinedJobs>
{
    [Theory]
    [MemberData(nameof(HostileAttempt.Names), MemberType = typeof(HostileAttempt))]
    public void A_confined_script_does_not_get_through_that_tries_to(string what)
    {
        ServiceUser.RequireHost();
        var attempt = HostileAttempt.Named(what);

        jobs.Tried.Should().Contain(attempt.Refused).And.NotContain(attempt.Through);
    }

    [Fact]
    public async Task The_other_job_ends_well_after_all_that_and_nothing_is_left_of_either()
    {
        ServiceUser.RequireHost();
        string[] builders = [jobs.Victim.Attempt.Builder(), jobs.Hostile.Attempt.Builder()];

        var (verdict, log) = await jobs.EndVictim();
        await Task.WhenAll(jobs.Victim.Cleanup(), jobs.Hostile.Cleanup());

        verdict.Outcome.Should().Be(RunnerOutcome.Success, log);
        log.Should().Contain("unharmed");
        Directory.GetFileSystemEntries(jobs.Host.Attempts).Should().BeEmpty();
        Directory
            .GetDirectories(jobs.Host.Workspaces)
            .Should()
            .Equal([Path.Join(jobs.Host.Workspaces, ".jobs")], "the workspaces go with the jobs");
        Directory.GetFiles(Path.Join(jobs.Host.Workspaces, ".jobs"), "*.json").Should().BeEmpty();
        // The kubelet takes its time to end them; IsolationSpecs waits for that.
        foreach (var job in (HostJob[])[jobs.Victim, jobs.Hostile])
        {
            (await Node.Pods.Of(Node.Settings.Instance, job.Id, TestContext.Current.CancellationToken))
                .Should()
                .NotContain(pod => pod.Metadata.DeletionTimestamp == null);
        }

        foreach (var builder in builders)
            (await Node.Pods.HasSecret(builder, TestContext.Current.CancellationToken)).Should().BeFalse();
    }
}

/// <summary>The same with nothing that confines: each attempt is a good one, so it was the sandbox that it did not get
/// through.</summary>
public sealed class HostileJobWithoutSandboxSpecs(TwoUnconfinedJobs jobs) : IClassFixture<TwoUnconfinedJobs>
{
    [Theory]
    [MemberData(nameof(HostileAttempt.Names), MemberType = typeof(HostileAttempt))]
    public void A_script_that_is_not_confined_gets_through_when_it_tries_to(string what)
    {
        ServiceUser.RequireHost();
        var attempt = HostileAttempt.Named(what);
        if (attempt.Hindrance is { } hindrance)
            Assert.Skip(hindrance);

        jobs.Tried.Should().Contain(attempt.Through).And.NotContain(attempt.Refused);
    }
}
