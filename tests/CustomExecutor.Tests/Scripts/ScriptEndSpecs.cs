using System.Diagnostics;
using System.Globalization;
using CustomExecutor.Commands.Try;
using CustomExecutor.Host.Native;
using CustomExecutor.Host.Processes;
using CustomExecutor.Testing.Jobs;

namespace CustomExecutor.Tests.Scripts;

/// <summary>No process of a script survives its stage, however it forks and whatever happens to the driver; and no
/// other process is touched.</summary>
public sealed class ScriptEndSpecs : IClassFixture<EndingJobs>, IDisposable
{
    /// <summary>A process that survives holds the job log, and the stage would not end before it does.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private static readonly (string Name, string Script)[] Left =
    [
        ("a comet, which forks and exits every millisecond", "./comet 1000"),
        ("a comet, which forks and exits without a pause", "./comet 0"),
        ("a comet, each of whose processes has a session of its own", "./comet 500 setsid"),
        ("a swarm of comets", "for i in {1..20}; do ./comet 1000; done"),
        ("a stopped process", "setsid -f bash -c 'kill -STOP $$; sleep 300'; sleep 0.1"),
        (
            "a process with an adopting parent of its own",
            "setsid -f perl -e 'syscall(157, 36, 1, 0, 0, 0); fork; sleep 300'; sleep 0.1"
        ),
        ("a process that waits in vfork", "setsid -f perl -e 'sleep 1 if syscall(58) < 0; sleep 300'; sleep 0.1"),
        (
            "a process that is traced by another",
            "setsid -f perl -e '$p = fork; if (!$p) { syscall(101, 0, 0, 0, 0); kill 19, $$; sleep 300 } "
                + "waitpid($p, 0); sleep 300'; sleep 0.1"
        ),
        (
            "a process in namespaces of its own",
            "setsid -f unshare --user --pid --fork bash -c 'trap \"\" TERM; sleep 300 & wait; sleep 300'; sleep 0.2"
        ),
    ];

    /// <summary>Stands for another job's process.</summary>
    private readonly Process _bystander = Process.Start("sleep", "600");

    private readonly EndingJobs _jobs;

    public ScriptEndSpecs(EndingJobs jobs) => _jobs = jobs;

    public static TheoryData<Confinement, string> LeftBehind =>
        [.. from confinement in Enum.GetValues<Confinement>() from left in Left select (confinement, left.Name)];

    [LandlockTheory]
    [MemberData(nameof(LeftBehind))]
    public async Task A_script_that_has_ended_leaves_nothing_running_not_even(Confinement confinement, string what)
    {
        var (verdict, output) = await Run(
            _jobs.Attempt(confinement),
            Script(confinement, Left.Single(l => l.Name == what).Script)
        );

        verdict.Outcome.Should().Be(RunnerOutcome.Success, output);
        ShouldHaveEnded(confinement);
        output.Should().Contain("Ended what the script left running: ");
    }

    [LandlockTheory]
    [MemberData(nameof(LeftBehind))]
    public async Task A_cancelled_script_leaves_nothing_running_not_even(Confinement confinement, string what)
    {
        using var cancel = new CancellationTokenSource();
        var running = Run(
            _jobs.Attempt(confinement),
            Script(confinement, Left.Single(l => l.Name == what).Script + "\necho $$ > begun; sleep 300"),
            cancel.Token
        );
        await Begun(confinement);

        await cancel.CancelAsync();

        (await running).Verdict.Outcome.Should().Be(RunnerOutcome.BuildFailure);
        ShouldHaveEnded(confinement);
    }

    [LandlockTheory]
    [InlineData("sleep 300 &")]
    [InlineData("setsid -f sleep 300")]
    [InlineData("./comet 1000")]
    [InlineData("./comet 0 setsid")]
    [InlineData("trap '' TERM; setsid -f sleep 300")]
    public async Task A_driver_that_is_killed_takes_its_script_along_with_all_that_it_has_started(string left)
    {
        var running = Run(
            _jobs.Attempt(Confinement.Full),
            Script(Confinement.Full, $"{left}\necho $PPID > begun; sleep 300")
        );
        var driver = await Begun(Confinement.Full);

        ChildProcessNative.Kill(driver, ChildProcessSignal.Kill).Should().Be(0);

        (await running).Verdict.Outcome.Should().Be(RunnerOutcome.SystemFailure);
        await Eventually.True(() => HasEnded(Confinement.Full), "the guard ends the script");
        _bystander.HasExited.Should().BeFalse();
    }

    [LandlockTheory]
    [InlineData(Confinement.WithoutSignals)]
    [InlineData(Confinement.None)]
    public async Task Without_scoped_signals_a_driver_that_is_killed_takes_along_what_is_in_its_process_group(
        Confinement confinement
    )
    {
        var running = Run(
            _jobs.Attempt(confinement),
            Script(confinement, "sleep 300 & ( sleep 300 & )\necho $PPID > begun; sleep 300")
        );
        var driver = await Begun(confinement);

        ChildProcessNative.Kill(driver, ChildProcessSignal.Kill).Should().Be(0);

        (await running).Verdict.Outcome.Should().Be(RunnerOutcome.SystemFailure);
        await Eventually.True(() => HasEnded(confinement), "the guard ends the script");
        _bystander.HasExited.Should().BeFalse();
    }

    [LandlockTheory]
    [InlineData("--nofile=0:0")]
    [InlineData("--as=1:1")]
    [InlineData("--cpu=1:1")]
    [InlineData("--fsize=0:0")]
    public async Task A_confined_script_can_not_cripple_its_driver(string limit)
    {
        var (verdict, output) = await Run(
            _jobs.Attempt(Confinement.Full),
            Script(Confinement.Full, $"setsid -f sleep 300; prlimit --pid $PPID {limit} && echo crippled; exit 3")
        );

        verdict.Should().Be(new RunnerResult(RunnerOutcome.BuildFailure, 3), output);
        output
            .Should()
            .NotContain("crippled")
            .And.Contain("Operation not permitted")
            .And.MatchRegex("Ended what the script left running: (sleep|setsid)"); // until it has become the other
        ShouldHaveEnded(Confinement.Full);
    }

    [LandlockTheory]
    [InlineData(
        Confinement.Full,
        "for p in $(pgrep -f custom-executor-guard); do kill -KILL $p 2> /dev/null && echo killed; done; setsid -f "
            + "sleep 300"
    )]
    [InlineData(
        Confinement.WithoutSignals,
        "kill -KILL $(pgrep -P $PPID -f custom-executor-guard); setsid -f sleep 300"
    )]
    [InlineData(Confinement.None, "kill -KILL $(pgrep -P $PPID -f custom-executor-guard); setsid -f sleep 300")]
    public async Task A_script_gains_nothing_by_an_attack_on_the_guard(Confinement confinement, string script)
    {
        var (verdict, output) = await Run(_jobs.Attempt(confinement), Script(confinement, script));

        verdict.Outcome.Should().Be(RunnerOutcome.Success, output);
        output.Should().NotContain("killed");
        ShouldHaveEnded(confinement);
    }

    [LandlockFact]
    public async Task A_driver_that_can_open_no_file_any_more_still_ends_what_was_left()
    {
        RequirePublishedDriver("the other one loads its parts when it needs them and crashes at once without files");
        // Not confined, so the script can take that right from the driver; and it fails, so the driver asks for the
        // cause and fails itself.
        var (verdict, output) = await Run(
            _jobs.Attempt(Confinement.None),
            Script(Confinement.None, "setsid -f sleep 300; sleep 0.1; prlimit --pid $PPID --nofile=0:0; exit 1")
        );

        verdict.Outcome.Should().NotBe(RunnerOutcome.Success, output);
        ShouldHaveEnded(Confinement.None);
    }

    [LandlockFact]
    public async Task A_process_that_can_not_be_ended_is_a_system_failure_that_names_it()
    {
        RequirePublishedDriver("the other one looks up functions in libc itself, where no preloaded library is seen");
        using var attempt = await _jobs.WithPreloaded(Confinement.None, _jobs.Programs.Unkillable, 4712);

        var (verdict, output) = await Run(
            attempt,
            Script(
                Confinement.None,
                "setsid -f bash -c 'trap \"\" TERM; echo $$ > begun; exec sleep 300' > /dev/null 2>&1 9>&-; until "
                    + "[ -s begun ]; do sleep 0.01; done"
            )
        );
        _ = ChildProcessNative.Kill(await Begun(Confinement.None), ChildProcessSignal.Kill);

        verdict.Outcome.Should().Be(RunnerOutcome.SystemFailure, output);
        output
            .Should()
            .Contain(
                "The driver could not end all processes of the script: sleep did not end within 5 " + "s of SIGKILL."
            );
    }

    [LandlockTheory]
    [InlineData(Confinement.Full)]
    [InlineData(Confinement.WithoutSignals)]
    [InlineData(Confinement.None)]
    public async Task Neither_the_driver_nor_a_script_writes_a_core_file(Confinement confinement)
    {
        var (_, output) = await Run(
            _jobs.Attempt(confinement),
            Script(
                confinement,
                "grep 'Max core' /proc/$PPID/limits | tr -s ' '; ulimit -Hc; bash -c 'kill -SEGV $$'; ls | grep -c core"
            )
        );

        output.Should().Contain("Max core file size 0 0 bytes").And.EndWith("\n0\n");
    }

    public void Dispose()
    {
        _bystander.Kill();
        _bystander.Dispose();
    }

    private static void RequirePublishedDriver(string why) =>
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("CUSTOM_EXECUTOR_BINARY") is { Length: > 0 },
            $"CUSTOM_EXECUTOR_BINARY names no published driver: {why}."
        );

    private static async Task<(RunnerResult Verdict, string Output)> Run(
        JobAttempt attempt,
        string script,
        CancellationToken? cancel = null
    ) => await attempt.RunFile(script, cancel).WaitAsync(Bound, TestContext.Current.CancellationToken);

    /// <summary>A script whose processes all hold a lock, until the last of them ends.</summary>
    private string Script(Confinement confinement, string script)
    {
        File.Delete(Path.Combine(_jobs.Directory(confinement), "begun"));
        return $"cd {_jobs.Directory(confinement)}\nexec 9> lock\nflock -n 9 || exit 99\n{script}\n";
    }

    /// <summary>The process id that the script has written by then.</summary>
    private async Task<int> Begun(Confinement confinement)
    {
        var file = Path.Combine(_jobs.Directory(confinement), "begun");
        await Eventually.True(() => File.Exists(file) && File.ReadAllText(file).EndsWith('\n'), "the script has begun");
        return int.Parse(
            await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken),
            CultureInfo.InvariantCulture
        );
    }

    private void ShouldHaveEnded(Confinement confinement)
    {
        HasEnded(confinement).Should().BeTrue("no process of the script runs any more");
        _bystander.HasExited.Should().BeFalse("processes of others are left alone");
    }

    /// <summary>.NET opens with such a lock if nobody may share the file.</summary>
    private bool HasEnded(Confinement confinement)
    {
        try
        {
            using var file = File.Open(
                Path.Combine(_jobs.Directory(confinement), "lock"),
                FileMode.Open,
                FileAccess.ReadWrite,
                FileShare.None
            );
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
