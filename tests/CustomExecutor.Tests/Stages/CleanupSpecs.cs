using CustomExecutor.Commands.Try;
using CustomExecutor.Host.Files;
using CustomExecutor.Testing.Cluster;
using CustomExecutor.Testing.Jobs;

namespace CustomExecutor.Tests.Stages;

/// <summary>After cleanup nothing of the job is left, however often it is called and whatever became of the attempt's
/// files.</summary>
public sealed class CleanupSpecs : IAsyncLifetime
{
    private static readonly PlayedJob Job = new() { Id = 4711 };

    private Bench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await Bench.Create();

    [Fact]
    public async Task Pod_secret_workspace_and_the_jobs_files_are_gone()
    {
        var attempt = await _bench.Ready(Job);
        await attempt.Run("mkdir -p $CI_PROJECT_DIR; touch $CI_PROJECT_DIR/file ~/file");
        var before = attempt.Log.Text;

        await attempt.CleanUp();

        await _bench.Namespace.ShouldBecomeEmpty();
        Directory.Exists(attempt.Workspace).Should().BeFalse();
        Directory.Exists(attempt.Paths.Job).Should().BeFalse("it holds the job's key and logins");
        attempt.Log.Text.Should().Be(before, "the runner would log it unmasked");
    }

    [Fact]
    public async Task A_second_cleanup_is_a_quiet_success()
    {
        var attempt = await _bench.Ready(Job);
        await attempt.CleanUp();
        await _bench.Namespace.ShouldBecomeEmpty();
        var before = attempt.Log.Text;

        await attempt.CleanUp();

        attempt.Log.Text.Should().Be(before);
    }

    [Fact]
    public async Task A_cleanup_without_a_prepare_is_a_quiet_success()
    {
        var attempt = _bench.Attempt(Job);
        await attempt.Config();

        await attempt.CleanUp();

        attempt.Log.Text.Should().BeEmpty();
    }

    [Fact]
    public async Task A_builder_without_a_state_file_is_found_by_its_labels()
    {
        var attempt = await _bench.Ready(Job);
        File.Delete(attempt.Paths.StateFile);

        await attempt.CleanUp();

        await _bench.Namespace.ShouldBecomeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[1, 2]")]
    [InlineData("""{"format":1}""")]
    [InlineData("""{"format":2}""")]
    [InlineData("""{"format":2,"jobId":4711,"namespace":"x","builder":"y"}""")]
    [InlineData("""{"format":1,"jobId":4711,"namespace":null,"builder":null,"ready":true}""")]
    [InlineData("""{"format":1,"jobId":4711,"namespace":"","builder":"","ready":true}""")]
    public async Task A_builder_with_a_damaged_state_file_is_found_by_its_labels(string state)
    {
        var attempt = await _bench.Ready(Job);
        PrivateFiles.Write(attempt.Paths.StateFile, state);

        await attempt.CleanUp();

        await _bench.Namespace.ShouldBecomeEmpty();
    }

    [Fact]
    public async Task Anothers_state_file_does_not_lead_to_anothers_builder()
    {
        var (victim, attempt) = (await _bench.Ready(Job with { Id = 4712 }), await _bench.Ready(Job));
        PrivateFiles.Write(attempt.Paths.StateFile, victim.State.ToJson());

        await attempt.CleanUp();

        await ShouldLiveAlone(victim);
    }

    [Fact]
    public async Task A_forged_state_file_does_not_lead_to_anothers_builder()
    {
        var (victim, attempt) = (await _bench.Ready(Job with { Id = 4712 }), await _bench.Ready(Job));
        PrivateFiles.Write(attempt.Paths.StateFile, (attempt.State with { Builder = victim.State.Builder }).ToJson());

        await attempt.CleanUp();

        await ShouldLiveAlone(victim);
    }

    [Fact]
    public async Task Another_instances_job_of_the_same_id_is_not_touched()
    {
        await using var other = await Bench.Create(settings => settings["instance"] = "other-gitlab");
        var attempt = await _bench.Ready(Job);
        using var neighbour = new RunnerHost(
            await File.ReadAllTextAsync(TestCluster.Kubeconfig, TestContext.Current.CancellationToken),
            _bench.Namespace.Name,
            s => s["instance"] = "other-gitlab"
        );
        var victim = neighbour.Attempt(Job);
        await victim.BecomeReady();
        File.Delete(attempt.Paths.StateFile);

        await attempt.CleanUp();

        await ShouldLiveAlone(victim);
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    private async Task ShouldLiveAlone(JobAttempt victim)
    {
        await Eventually.True(async () => (await _bench.Namespace.Pods()).Count <= 1, "the attempt's own pod is gone");
        var pod = await _bench.Namespace.OnlyPod();
        pod.Metadata.Name.Should().Be(victim.State.Builder);
        pod.Metadata.DeletionTimestamp.Should().BeNull();
        (await _bench.Namespace.OnlySecret()).Metadata.Name.Should().Be(victim.State.Builder);
    }
}
