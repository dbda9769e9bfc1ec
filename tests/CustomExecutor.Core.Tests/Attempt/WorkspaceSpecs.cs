using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Settings;

namespace CustomExecutor.Core.Tests.Attempt;

public sealed class WorkspaceSpecs
{
    private static readonly WorkspaceSettings Settings = new() { Root = "/srv/workspaces" };

    [Fact]
    public void Every_stage_of_an_attempt_finds_the_same_workspace() =>
        Workspace
            .Of(Job(7, "/tmp/custom-executor1"), Settings, "gitlab")
            .Should()
            .Be(Workspace.Of(Job(7, "/tmp/custom-executor1"), Settings, "gitlab"));

    [Fact]
    public void No_two_attempts_share_a_workspace()
    {
        JobContext[] jobs =
        [
            Job(7, "/tmp/custom-executor1"),
            Job(7, "/tmp/custom-executor2"),
            Job(8, "/tmp/custom-executor1"),
        ];

        jobs.Select(j => Workspace.Of(j, Settings, "gitlab").Directory).Should().OnlyHaveUniqueItems();
    }

    [Theory]
    [InlineData(1, "/tmp/../etc")]
    [InlineData(long.MaxValue, "/tmp/a b\n$(c)/日本")]
    public void A_workspace_is_directly_below_the_root_with_a_plain_name(long jobId, string attempt)
    {
        var workspace = Workspace.Of(Job(jobId, attempt), Settings, "gitlab");

        Path.GetDirectoryName(workspace.Directory).Should().Be("/srv/workspaces");
        Path.GetFileName(workspace.Directory).Should().MatchRegex($"^{jobId}-[0-9a-f]{{8}}$");
    }

    [Fact]
    public void Builds_and_cache_are_in_the_workspace_which_cleanup_removes()
    {
        var workspace = Workspace.Of(Job(7, "/tmp/a"), Settings, "gitlab");

        workspace.BuildsDirectory.Should().Be(workspace.Directory + "/builds");
        workspace.CacheDirectory.Should().Be(workspace.Directory + "/cache");
    }

    [Fact]
    public void A_protected_branch_has_a_cache_that_other_branches_cannot_write()
    {
        var settings = new WorkspaceSettings { Root = "/srv/workspaces", CacheRoot = "/srv/cache" };

        Workspace
            .Of(Job(7, "/tmp/a", project: 42) with { IsProtected = true }, settings, "gitlab")
            .CacheDirectory.Should()
            .Be("/srv/cache/gitlab/_/project-42-protected");
    }

    [Fact]
    public void A_projects_cache_outlives_the_job_and_is_not_shared()
    {
        var settings = new WorkspaceSettings { Root = "/srv/workspaces", CacheRoot = "/srv/cache" };

        Workspace
            .Of(Job(7, "/tmp/a", project: 42), settings, "gitlab")
            .CacheDirectory.Should()
            .Be("/srv/cache/gitlab/_/project-42");
        Workspace
            .Of(Job(8, "/tmp/b", project: 42), settings, "gitlab")
            .CacheDirectory.Should()
            .Be("/srv/cache/gitlab/_/project-42");
        Workspace
            .Of(Job(9, "/tmp/c", project: 43), settings, "gitlab")
            .CacheDirectory.Should()
            .Be("/srv/cache/gitlab/_/project-43");
    }

    [Theory]
    [InlineData("https://gitlab.example.com/group/project.git", "gitlab", "gitlab/gitlab.example.com_443")]
    [InlineData("https://GitLab.example.com/group/project.git", "gitlab", "gitlab/gitlab.example.com_443")]
    [InlineData("https://gitlab.example.com:8443/group/project.git", "gitlab", "gitlab/gitlab.example.com_8443")]
    [InlineData("http://[::1]/group/project.git", "gitlab", "gitlab/__1_80")]
    [InlineData("https://other.example.com/group/project.git", "gitlab", "gitlab/other.example.com_443")]
    [InlineData("https://gitlab.example.com/group/project.git", "second", "second/gitlab.example.com_443")]
    [InlineData(null, "gitlab", "gitlab/_")]
    public void Two_GitLab_servers_share_no_cache_even_with_equal_project_ids(
        string? repository,
        string instance,
        string directory
    )
    {
        var settings = new WorkspaceSettings { Root = "/srv/workspaces", CacheRoot = "/srv/cache" };
        var job = JobContext.From(
            new JobResponse
            {
                Id = 7,
                JobInfo = new JobInfo("build", "build", 42, null),
                GitInfo = new GitInfo(repository),
            },
            "/tmp/a"
        );

        Workspace.Of(job, settings, instance).CacheDirectory.Should().Be($"/srv/cache/{directory}/project-42");
    }

    [Fact]
    public void The_scripts_files_are_separate_from_the_drivers()
    {
        var paths = new AttemptPaths("/tmp/a");

        paths.StateFile.Should().StartWith("/tmp/a/driver/");
        string[] scripts =
        [
            paths.BuildxConfig,
            paths.DockerConfig,
            paths.Certificates,
            paths.Home,
            paths.Programs,
            paths.Temp,
        ];
        scripts
            .Should()
            .OnlyHaveUniqueItems()
            .And.OnlyContain(p => paths.Own.Any(own => p == own || p.StartsWith(own + "/")));
        paths.Own.Should().NotContain(own => paths.StateFile.StartsWith(own));
    }

    private static JobContext Job(long id, string attempt, long project = 1) =>
        JobContext.From(new JobResponse { Id = id, JobInfo = new JobInfo("build", "build", project, null) }, attempt);
}
