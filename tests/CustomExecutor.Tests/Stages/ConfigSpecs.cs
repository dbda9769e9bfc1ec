using CustomExecutor.Commands.Try;
using CustomExecutor.Core.Runner;
using CustomExecutor.Host;
using CustomExecutor.Host.Processes;
using CustomExecutor.Testing.Jobs;

namespace CustomExecutor.Tests.Stages;

public sealed class ConfigSpecs : IDisposable
{
    // No cluster is there: config must not ask one.
    private readonly RunnerHost _host = new("this is no kubeconfig", "no-such-namespace");

    [Fact]
    public async Task Config_prints_the_runners_JSON_and_nothing_else()
    {
        var attempt = _host.Attempt(new PlayedJob { Id = 4711 });

        await attempt.Config();

        var workspace = WorkspaceOf(attempt);
        attempt
            .Stages.LastCall.Should()
            .Be(
                new DriverCallResult(
                    new ChildExit(0, null),
                    $$"""
                    {"driver":{"name":"custom-executor","version":"{{DriverVersion.Text}}"},"builds_dir":"{{workspace}}/builds","cache_dir":"{{workspace}}/cache","builds_dir_is_shared":false,"shell":"bash"}

                    """
                )
            );
        attempt.Log.Text.Should().BeEmpty();
    }

    [Fact]
    public async Task Config_makes_no_file()
    {
        var attempt = _host.Attempt(new PlayedJob { Id = 4711 });

        await attempt.Config();

        Directory.Exists(_host.WorkspaceRoot).Should().BeFalse();
        Directory.GetFileSystemEntries(attempt.Stages.Directory).Should().Equal(attempt.Stages.ResponseFile);
    }

    [Fact]
    public async Task Each_attempt_has_a_workspace_of_its_own()
    {
        var job = new PlayedJob { Id = 4711 };
        var (first, second, other) = (_host.Attempt(job), _host.Attempt(job), _host.Attempt(job with { Id = 4712 }));

        foreach (var attempt in new[] { first, second, other })
            await attempt.Config();

        new[] { first.Workspace, second.Workspace, other.Workspace }.Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task The_cache_may_be_the_projects_own_where_the_admin_wants_it_kept()
    {
        using var host = new RunnerHost("", "unused", settings => settings["workspace"]!["cacheRoot"] = "/srv/caches");
        var attempt = host.Attempt(new PlayedJob { Id = 4711, ProjectId = 42 });

        await attempt.Config();

        attempt
            .Stages.LastCall.Stdout.Should()
            .Contain("\"cache_dir\":\"/srv/caches/gitlab/gitlab.example.com_443/project-42\"");
    }

    [Fact]
    public async Task An_author_can_neither_choose_the_directories_nor_add_to_the_reply()
    {
        var attempt = _host.Attempt(
            new PlayedJob
            {
                Id = 4711,
                Name = "\"}\n{\"builds_dir\":\"/etc\"}\e[31m' $(touch /tmp/x) `id`",
                Variables =
                [
                    new("CI_JOB_ID", "4712"),
                    new("CI_PROJECT_ID", "../../.."),
                    new("TMPDIR", "/etc"),
                    new("JOB_RESPONSE_FILE", "/etc/passwd"),
                    new("CI_BUILDS_DIR", "/etc"),
                    new("CI_CONCURRENT_ID", "\n\"'"),
                    new("CUSTOM_EXECUTOR_SETTINGS", "/etc/passwd"),
                ],
            }
        );

        await attempt.Config();

        attempt.Workspace.Should().Be(WorkspaceOf(attempt));
        attempt.Stages.LastCall.Stdout.Should().EndWith("}\n").And.NotContain("/etc").And.NotContain("touch");
        attempt.Log.Text.Should().BeEmpty();
    }

    [Fact]
    public async Task The_runners_own_boot_verification_is_a_job_like_any_other()
    {
        var attempt = _host.Attempt(
            new PlayedJob
            {
                Id = long.MaxValue - 1,
                ProjectId = 0,
                Name = "boot-verify",
                RepoUrl = "",
            }
        );

        await attempt.Config();

        attempt.Workspace.Should().Be(WorkspaceOf(attempt));
    }

    public void Dispose() => _host.Dispose();

    private string WorkspaceOf(JobAttempt attempt) =>
        Path.Join(_host.WorkspaceRoot, new AttemptPaths(attempt.Stages.Directory).WorkspaceName(attempt.Job.Id));
}
