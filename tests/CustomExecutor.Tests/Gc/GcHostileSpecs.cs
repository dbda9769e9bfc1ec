using System.Diagnostics;
using CustomExecutor.Commands.Try;
using CustomExecutor.Host.Files;
using CustomExecutor.Testing.Jobs;

namespace CustomExecutor.Tests.Gc;

/// <summary>gc removes nothing that is not surely a job's, whatever lies where it looks.</summary>
public sealed class GcHostileSpecs : IAsyncLifetime
{
    private static readonly TimeSpan EightDays = TimeSpan.FromDays(8);
    private static readonly DateTime EightDaysAgo = DateTime.UtcNow.AddDays(-8);

    private GcBench _bench = null!;
    private JobAttempt _attempt = null!;

    private string Outside => Path.Combine(_bench.Host.Directory, "outside");

    private string Precious => Path.Combine(Outside, "file");

    private string RecordPath =>
        Path.Join(_bench.Host.Records.Directory, Path.GetFileName(_attempt.Workspace) + ".json");

    public async ValueTask InitializeAsync()
    {
        _bench = await GcBench.Create();
        _attempt = await _bench.Bench.Ready(new PlayedJob { Id = 4711 });
        await _bench.Expire(_attempt);
        Directory.CreateDirectory(Outside);
        await File.WriteAllTextAsync(Precious, "precious");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"format":2}""")]
    [InlineData(
        """{"format":1,"jobId":4711,"instance":"gitlab","namespace":"n","builder":"k8s-builder-4711-b","attemptDirectory":"/etc","attemptParent":"","began":{"clock":"2020-01-01T00:00:00+00:00","afterBoot":"00:00:00","boot":"","machine":""},"lifetime":"00:00:01"}"""
    )]
    public async Task A_record_that_says_nothing_is_told_of_and_goes_after_a_week_alone(string text)
    {
        PrivateFiles.Write(RecordPath, text);

        (await _bench.Gc()).Lines.Should().Contain(l => l.StartsWith($"kept record {RecordPath}: it "));
        File.Exists(RecordPath).Should().BeTrue();

        File.SetLastWriteTimeUtc(RecordPath, EightDaysAgo);
        (await _bench.Gc())
            .Lines.Should()
            .Contain(l => l.StartsWith($"kept record {RecordPath}: it "), "its owner can set that time");
        (await _bench.GcAfter(EightDays))
            .Lines.Should()
            .Contain(l => l.StartsWith($"removed record {RecordPath}: it "));
        Directory.Exists(_attempt.Workspace).Should().BeTrue("there was a record of it");
    }

    [Fact]
    public async Task A_record_that_is_a_link_or_that_others_may_write_is_not_used()
    {
        File.Move(RecordPath, Precious, overwrite: true);
        File.CreateSymbolicLink(RecordPath, Precious);

        (await _bench.Gc()).Lines.Should().Contain($"kept record {RecordPath}: it is a symbolic link");
        File.Delete(RecordPath);
        File.Copy(Precious, RecordPath);
        File.SetUnixFileMode(RecordPath, (UnixFileMode)0b110_110_110);
        (await _bench.Gc()).Lines.Should().Contain($"kept record {RecordPath}: others may write it");
        Directory.Exists(_attempt.Workspace).Should().BeTrue();
    }

    [Fact]
    public async Task A_pipe_among_the_records_holds_nobody_up()
    {
        using var make = Process.Start("mkfifo", $"{_bench.Host.Records.Directory}/1-00000000.json");
        await make.WaitForExitAsync(TestContext.Current.CancellationToken);

        (await _bench.Gc()).Lines.Should().Contain(l => l.EndsWith("it is not a regular file"));
    }

    [Fact]
    public async Task Records_that_others_could_have_written_are_refused_as_a_whole()
    {
        File.SetUnixFileMode(_bench.Host.Records.Directory, (UnixFileMode)0b111_111_111);

        var result = await _bench.Gc();

        result.Code.Should().Be(2);
        result.Errors.Should().Contain("may be written by others: the records in it are not used");
        Directory.Exists(_attempt.Workspace).Should().BeTrue();
    }

    [Fact]
    public async Task An_attempt_directory_that_is_a_link_is_left_with_what_it_leads_to()
    {
        Directory.Delete(_attempt.Stages.Directory, recursive: true);
        Directory.CreateSymbolicLink(_attempt.Stages.Directory, Outside);

        (await _bench.Gc())
            .Lines.Should()
            .Contain($"kept attempt directory {_attempt.Stages.Directory} of job 4711: it is a symbolic link");
        File.Exists(Precious).Should().BeTrue();
        File.Delete(_attempt.Stages.Directory);
    }

    [Fact]
    public async Task An_attempt_directory_that_is_another_jobs_by_now_is_left()
    {
        PrivateFiles.Write(_attempt.Stages.ResponseFile, new PlayedJob { Id = 4712 }.ToResponse());

        (await _bench.Gc())
            .Lines.Should()
            .Contain($"kept attempt directory {_attempt.Stages.Directory} of job 4711: it is of job 4712 by now");
        File.Exists(_attempt.Stages.ResponseFile).Should().BeTrue();
    }

    [Fact]
    public async Task An_attempt_directory_that_holds_nothing_of_a_jobs_is_left()
    {
        File.Delete(_attempt.Stages.ResponseFile);
        File.Delete(_attempt.Paths.StateFile);

        (await _bench.Gc())
            .Lines.Should()
            .Contain(l => l.EndsWith("it has neither the job's response file nor the driver's state"));
        Directory.Exists(_attempt.Stages.Directory).Should().BeTrue();
    }

    [Fact]
    public async Task A_workspace_that_is_a_link_by_now_goes_without_what_it_leads_to()
    {
        Directory.Delete(_attempt.Workspace, recursive: true);
        Directory.CreateSymbolicLink(_attempt.Workspace, Outside);

        (await _bench.Gc()).Code.Should().Be(0);

        _bench.Host.Workspaces.Should().BeEmpty();
        File.Exists(Precious).Should().BeTrue();
    }

    [Fact]
    public async Task Another_users_workspace_is_left_with_a_word()
    {
        Assert.SkipUnless(Environment.UserName == "root", "Only root can give a directory away.");
        (await _attempt.Run($"chown 12345 {_attempt.Workspace}")).Verdict.Outcome.Should().Be(RunnerOutcome.Success);

        (await _bench.Gc())
            .Lines.Should()
            .Contain(l => l.StartsWith("kept workspace") && l.EndsWith("but it belongs to another user"));
        Directory.Exists(_attempt.Workspace).Should().BeTrue();
    }

    [Fact]
    public async Task A_workspace_without_a_record_is_removed_after_a_week_and_nothing_else_beside_it_ever()
    {
        string[] names = ["12-0a1b2c3d", "12-0A1B2C3D", "precious", "12-0a1b2c3d.bak", "x12-0a1b2c3d"];
        foreach (var name in names)
            Directory.CreateDirectory(Path.Join(_bench.Host.WorkspaceRoot, name));
        foreach (var name in names)
            Directory.SetLastWriteTimeUtc(Path.Join(_bench.Host.WorkspaceRoot, name), EightDaysAgo);

        await _bench.Gc();
        _bench
            .Host.Workspaces.Select(Path.GetFileName)
            .Should()
            .BeEquivalentTo(names, "a script can set the time of its last modification");

        await _bench.GcAfter(EightDays);
        _bench.Host.Workspaces.Select(Path.GetFileName).Should().BeEquivalentTo(names[1..]);
    }

    [Fact]
    public async Task An_attempt_directory_without_a_record_is_removed_a_day_after_its_jobs_timeout()
    {
        using var attempt = _bench.Host.Attempt(new PlayedJob { Id = 2 });
        File.SetLastWriteTimeUtc(attempt.Stages.ResponseFile, EightDaysAgo);

        await _bench.GcAfter(TimeSpan.Zero);
        Directory
            .Exists(attempt.Stages.Directory)
            .Should()
            .BeTrue("a script can set the time of its last modification");

        var result = await _bench.GcAfter(EightDays);
        result
            .Lines.Should()
            .Contain(l =>
                l.StartsWith(
                    $"removed attempt directory {attempt.Stages.Directory} of job 2: nothing is recorded of it"
                )
            );
        Directory.Exists(attempt.Stages.Directory).Should().BeFalse();
    }

    [Theory]
    [InlineData("chmod 666 RECORD")]
    [InlineData("echo '{' > RECORD")]
    [InlineData("rm RECORD; ln -s /etc/passwd RECORD")]
    [InlineData("rm RECORD; mkfifo RECORD")]
    [InlineData("rm RECORD; mkdir RECORD")]
    public async Task A_record_that_can_not_be_used_protects_the_job_that_it_names(string damage)
    {
        var live = await _bench.Bench.Ready(new PlayedJob { Id = 4713 });
        var record = Path.Join(_bench.Host.Records.Directory, Path.GetFileName(live.Workspace) + ".json");
        await Shell(
            $"{damage.Replace("RECORD", record, StringComparison.Ordinal)}; touch -hd '40 days ago' {record}* "
                + $"{live.Stages.ResponseFile} {live.Workspace}"
        );

        var result = await _bench.GcAfter(TimeSpan.FromDays(2));

        result.Lines.Should().Contain(l => l.StartsWith($"kept record {record}") || damage.StartsWith("mv"));
        (Directory.Exists(live.Workspace), Directory.Exists(live.Stages.Directory)).Should().Be((true, true));
    }

    [Fact]
    public async Task A_record_whose_mode_a_script_has_changed_is_used_again_by_the_next_gc()
    {
        File.SetUnixFileMode(RecordPath, (UnixFileMode)0b110_110_110);

        (await _bench.Gc("--dry-run")).Lines.Should().Contain($"kept record {RecordPath}: others may write it");
        File.GetUnixFileMode(RecordPath).Should().Be((UnixFileMode)0b110_110_110, "a dry run changes nothing");
        (await _bench.Gc()).Lines.Should().Contain($"kept record {RecordPath}: others may write it");
        (await _bench.Gc()).Summary.Should().StartWith("removed 1 workspace");
    }

    [Fact]
    public async Task A_directory_that_every_user_may_write_is_not_searched_and_a_line_says_what_to_do()
    {
        using var attempt = _bench.Host.Attempt(new PlayedJob { Id = 2 });
        File.SetUnixFileMode(_bench.Host.Runner.TempRoot, (UnixFileMode)0b001_111_111_111);

        var result = await _bench.GcAfter(EightDays);

        result
            .Lines.Should()
            .Contain(
                $"{_bench.Host.Runner.TempRoot} is not searched for attempt directories: every user may write there. "
                    + "Set TMPDIR to the directory in which the runner makes them."
            );
        Directory.Exists(attempt.Stages.Directory).Should().BeTrue();
    }

    [Fact]
    public async Task What_looks_like_an_attempt_neither_holds_gc_up_nor_ends_it()
    {
        string[] scripts =
        [
            "mkfifo response.json",
            "ln -s /dev/zero response.json",
            "ln -s /proc/self/fd/0 response.json",
            "mkdir response.json",
            "truncate -s 1T response.json",
            """echo '{"id":1,"runner_info":{"timeout":9223372036854775807}}' > response.json; chmod 600 response.json""",
            """echo '{"id":-1,"runner_info":{"timeout":-2147483648}}' > response.json; chmod 600 response.json""",
        ];
        foreach (var (number, script) in scripts.Index())
        {
            var directory = Path.Join(_bench.Host.Runner.TempRoot, $"custom-executor{number}");
            await Shell($"mkdir -m 700 {directory}; cd {directory}; {script}");
        }

        var result = await _bench.GcAfter(TimeSpan.FromHours(1));

        result.Lines.Should().Contain(l => l.StartsWith($"removed workspace {_attempt.Workspace}"));
        Directory
            .GetDirectories(_bench.Host.Runner.TempRoot)
            .Should()
            .HaveCount(scripts.Length, "the attempt that is over is removed, and none of these");
    }

    [Fact]
    public async Task gc_creates_nothing_on_a_host_that_has_had_no_job()
    {
        Directory.Delete(_bench.Host.WorkspaceRoot, recursive: true);
        (await _bench.Gc()).Code.Should().Be(0);
        Directory.Exists(_bench.Host.WorkspaceRoot).Should().BeFalse();

        Directory.CreateDirectory(Path.Join(_bench.Host.WorkspaceRoot, "12-0a1b2c3d"));
        (await _bench.Gc()).Code.Should().Be(0);
        Directory.GetFileSystemEntries(_bench.Host.WorkspaceRoot).Should().ContainSingle();
        (await _bench.GcAfter(EightDays)).Summary.Should().Contain("1 workspace");
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    private static async Task Shell(string script)
    {
        using var bash = Process.Start("bash", ["-c", script]);
        await bash.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}
