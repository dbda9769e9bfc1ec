using CustomExecutor.Commands.Try;
using CustomExecutor.Testing.Jobs;

namespace CustomExecutor.Tests.Stages;

/// <summary>An author who tries to be another job: a victim is alive beside it and stays whole.</summary>
public sealed class HostileJobSpecs : IAsyncLifetime
{
    private const string Forgery = "\"}\n'; rm -rf / #\r\e[31m section_start:1:forged\r\e[0K $(id) `id` {0} %s ../../x";

    private Bench _bench = null!;
    private JobAttempt _victim = null!;
    private Dictionary<string, string> _victimsFiles = null!;

    public async ValueTask InitializeAsync()
    {
        _bench = await Bench.Create();
        _victim = await _bench.Ready(new PlayedJob { Id = 4711, ProjectId = 42 });
        await _victim.Run("echo precious > file");
        _victimsFiles = Files();
    }

    [Fact]
    public async Task Variables_of_GitLabs_own_names_lead_to_no_other_job()
    {
        var hostile = _bench.Attempt(
            Hostile(
                ("CI_JOB_ID", "4711"),
                ("CI_PROJECT_ID", "42"),
                ("CI_JOB_TOKEN", _victim.Job.Token),
                ("CI_BUILDS_DIR", _victim.Stages.BuildsDirectory),
                ("CI_PROJECT_DIR", _victim.Workspace),
                ("CI_CONCURRENT_ID", "0"),
                ("CI_RUNNER_ID", "1")
            )
        );

        await LiveAndDie(hostile);
    }

    [Fact]
    public async Task Variables_of_the_drivers_and_the_runners_names_lead_to_no_other_job()
    {
        var hostile = _bench.Attempt(
            Hostile(
                ("BUILDX_CONFIG", _victim.Paths.BuildxConfig),
                ("BUILDX_BUILDER", _victim.State.Builder),
                ("DOCKER_CONFIG", _victim.Paths.DockerConfig),
                ("KUBECONFIG", "/etc/passwd"),
                ("TMPDIR", _victim.Stages.Directory),
                ("JOB_RESPONSE_FILE", _victim.Stages.ResponseFile),
                ("BUILD_EXIT_CODE_FILE", _victim.Stages.ExitCodeFile),
                ("CUSTOM_EXECUTOR_SETTINGS", "/etc/passwd"),
                ("HOME", _victim.Paths.Home),
                ("PATH", "/nowhere")
            )
        );

        await LiveAndDie(hostile);
    }

    [Fact]
    public async Task Newlines_quotes_and_escapes_in_every_text_stay_text()
    {
        var hostile = _bench.Attempt(
            Hostile(("A_TEXT", Forgery), ("DOCKER_AUTH_CONFIG", Forgery)) with
            {
                Name = Forgery,
                RepoUrl = "https://gitlab.example.com/" + Forgery,
            }
        );

        await LiveAndDie(hostile);

        hostile
            .Log.Text.Should()
            .NotContain("\e")
            .And.NotContain("\r")
            .And.Contain("Warning: DOCKER_AUTH_CONFIG is not used");
    }

    [Fact]
    public async Task A_job_name_of_any_kind_is_an_annotation_alone()
    {
        var hostile = _bench.Attempt(Hostile() with { Name = Forgery + new string('x', 255) + "\ud800" });

        await hostile.BecomeReady();

        var pod = (await _bench.Namespace.Pods()).Single(p => p.Metadata.Name == hostile.State.Builder);
        pod.Metadata.Annotations["custom-executor/job-name"].Length.Should().BeLessThan(1000);
        pod.Metadata.Annotations["custom-executor/job-name"].Should().NotContain("\n").And.NotContain("\e");
        pod.Metadata.Labels["custom-executor/job-id"].Should().Be("4712");
    }

    [Fact]
    public async Task A_cleanup_of_a_job_that_calls_itself_another_finds_nothing_of_that_one()
    {
        // No prepare, no state: by its labels alone.
        var hostile = _bench.Attempt(Hostile(("CI_JOB_ID", "4711")));
        await hostile.Config();

        await hostile.CleanUp();

        await VictimIsWhole();
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    private static PlayedJob Hostile(params (string Key, string Value)[] variables) =>
        new()
        {
            Id = 4712,
            ProjectId = 43,
            Variables = [.. variables.Select(v => new KeyValuePair<string, string>(v.Key, v.Value))],
        };

    private async Task LiveAndDie(JobAttempt hostile)
    {
        await hostile.BecomeReady();
        hostile.State.JobId.Should().Be(4712);
        hostile.Workspace.Should().StartWith($"{_bench.Host.WorkspaceRoot}/4712-");
        var (verdict, _) = await hostile.Run("true");
        verdict.Outcome.Should().Be(RunnerOutcome.Success, hostile.Log.Text);
        await hostile.CleanUp();
        await VictimIsWhole();
    }

    private async Task VictimIsWhole()
    {
        await Eventually.True(async () => (await _bench.Namespace.Pods()).Count == 1, "the hostile job's pod is gone");
        var pod = await _bench.Namespace.OnlyPod();
        (pod.Metadata.Name, pod.Metadata.DeletionTimestamp, pod.Status.Phase)
            .Should()
            .Be((_victim.State.Builder, null, "Running"));
        (await _bench.Namespace.OnlySecret()).Metadata.Name.Should().Be(_victim.State.Builder);
        Files().Should().Equal(_victimsFiles);
        _bench.Host.FilesOfJobs.Where(Directory.Exists).Should().Equal(_victim.Workspace);
    }

    private Dictionary<string, string> Files() =>
        new[] { _victim.Stages.Directory, _victim.Workspace }
            .SelectMany(root => Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
            .ToDictionary(path => path, File.ReadAllText);
}
