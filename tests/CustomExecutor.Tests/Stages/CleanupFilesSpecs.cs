using CustomExecutor.Commands.Try;
using CustomExecutor.Testing.Jobs;

namespace CustomExecutor.Tests.Stages;

/// <summary>A workspace is removed whatever the job has left in it, and nothing outside is.</summary>
public sealed class CleanupFilesSpecs : IAsyncLifetime
{
    private Bench _bench = null!;
    private JobAttempt _attempt = null!;

    private string Outside => Path.Combine(_bench.Host.Directory, "outside");

    public async ValueTask InitializeAsync()
    {
        _bench = await Bench.Create();
        Directory.CreateDirectory(Path.Combine(Outside, "within"));
        await File.WriteAllTextAsync(Path.Combine(Outside, "within", "file"), "precious");
        File.SetUnixFileMode(Path.Combine(Outside, "within"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        // Root without the power to pass over modes is like any other user.
        var runner = _bench.Host.Runner;
        if (Environment.UserName == "root")
        {
            runner = runner with
            {
                Driver = "/usr/bin/setpriv",
                Arguments = ["--bounding-set=-dac_override,-dac_read_search", runner.Driver, .. runner.Arguments],
            };
        }

        _attempt = new JobAttempt(runner, new PlayedJob { Id = 4711 });
        await _attempt.BecomeReady();
    }

    [Fact]
    public async Task Directories_that_nobody_may_write_or_read()
    {
        await _attempt.Run(
            "mkdir -p modules/a/b secret/c; touch modules/a/b/file secret/c/file; chmod 0555 modules/a/b modules/a "
                + "modules; chmod 0000 secret/c secret"
        );

        await ShouldRemoveTheWorkspaceAlone();
    }

    [Fact]
    public async Task Links_to_files_and_directories_outside()
    {
        await _attempt.Run(
            $"ln -s {Outside} directory; ln -s {Outside}/within/file file; ln -s nowhere dangling; ln -s .. up; ln "
                + $"-s loop loop; mkdir locked; ln -s {Outside} locked/link; chmod 0555 locked"
        );

        await ShouldRemoveTheWorkspaceAlone();
    }

    [Fact]
    public async Task Names_and_kinds_that_no_tool_expects()
    {
        await _attempt.Run(
            """touch $'new\nline' $'\xff\xfe' '*' ' ' -rf; mkfifo pipe; mkdir -p $(printf 'd/%.0s' {1..300}) $'bad\xc3dir' && touch $'bad\xc3dir/f\xc3le'"""
        );

        await ShouldRemoveTheWorkspaceAlone();
    }

    [Fact]
    public async Task A_workspace_that_is_a_link_to_elsewhere_by_now()
    {
        var (_, workspace) = (Outside, _attempt.Workspace);
        await _attempt.Run($"rm -rf {workspace}; ln -s {Outside} {workspace}");

        await ShouldRemoveTheWorkspaceAlone();
    }

    [Fact]
    public async Task A_workspace_that_the_job_has_removed_itself()
    {
        await _attempt.Run("rm -rf \"$PWD\"");

        await ShouldRemoveTheWorkspaceAlone();
    }

    [Fact]
    public async Task A_workspace_that_is_a_file_by_now()
    {
        await _attempt.Run("d=$PWD; rm -rf \"$d\"; touch \"$d\"");

        await ShouldRemoveTheWorkspaceAlone();
    }

    public async ValueTask DisposeAsync()
    {
        _attempt.Dispose();
        await _bench.DisposeAsync();
    }

    private async Task ShouldRemoveTheWorkspaceAlone()
    {
        await _attempt.CleanUp();

        _bench.Host.Workspaces.Should().BeEmpty();
        _bench.Host.Records.All().Should().BeEmpty();
        Directory.Exists(_attempt.Paths.Job).Should().BeFalse();
        (await File.ReadAllTextAsync(Path.Combine(Outside, "within", "file"), TestContext.Current.CancellationToken))
            .Should()
            .Be("precious");
        File.GetUnixFileMode(Path.Combine(Outside, "within"))
            .Should()
            .Be(UnixFileMode.UserRead | UnixFileMode.UserExecute, "modes are changed within the workspace alone");
    }
}
