using CustomExecutor.Commands.Try;
using CustomExecutor.Core.Sandbox;
using CustomExecutor.Host.Sandbox;
using CustomExecutor.Testing.Jobs;
using CustomExecutor.Testing.Preload;

namespace CustomExecutor.Tests.Host.Sandbox;

/// <summary>Scripts on hosts whose kernels confine less, step by step. (As root, which the tests may be, these hold as
/// well.)</summary>
public sealed class OlderKernelSpecs(OlderKernel kernel) : IClassFixture<OlderKernel>
{
    [LandlockTheory]
    [InlineData(7, "renames")]
    [InlineData(6, "renames")]
    [InlineData(5, "signals connects renames")]
    [InlineData(4, "signals connects renames")]
    [InlineData(3, "signals connects renames")]
    [InlineData(2, "truncates signals connects renames")]
    [InlineData(1, "truncates signals connects")]
    [InlineData(0, "reads truncates signals connects renames")]
    public async Task A_script_is_confined_as_far_as_the_kernel_can_and_the_job_log_says_what_it_can_not(
        int abi,
        string managed
    )
    {
        await using var bench = await Bench.Create();
        using var other = new OtherJob();
        using var attempt = new JobAttempt(kernel.Runner(bench.Host, abi), new PlayedJob { Id = 4711 });

        await attempt.BecomeReady();
        var log = attempt.Log.Text;
        var (verdict, output) = await attempt.RunFile(other.Attempts);

        verdict.Outcome.Should().Be(RunnerOutcome.Success, output);
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().Equal(managed.Split(' '));
        var line = new SandboxStrength(
            abi,
            abi == 0 ? "this kernel has no Landlock (needs Linux 5.13)" : null,
            Environment.UserName == "root",
            abi == 0 ? [] : Escapes(),
            Seccomp.Absence()
        ).Line();
        if (line is null)
            log.Should().NotContain("confined");
        else
            log.Should().Contain(line + "\n");
    }

    [LandlockTheory]
    [InlineData(5, "signalling other jobs' processes: needs Linux 6.12")]
    [InlineData(0, "accessing everything that its user can access: this kernel has no Landlock")]
    public async Task A_host_that_can_not_confine_scripts_in_full_refuses_the_job_before_anything_is_made(
        int abi,
        string gap
    )
    {
        await using var bench = await Bench.Create(settings => settings["scriptSandbox"]!["mode"] = "always");
        using var attempt = new JobAttempt(kernel.Runner(bench.Host, abi), new PlayedJob { Id = 4711 });

        var verdict = await attempt.TryToBecomeReady();

        verdict.Outcome.Should().Be(RunnerOutcome.SystemFailure);
        attempt
            .Log.Text.Should()
            .Contain("ERROR: Scripts can't be fully confined on this host, and scriptSandbox.mode is \"always\":")
            .And.Contain($"\n  {gap}");
        (await bench.Namespace.Pods()).Should().BeEmpty();
    }

    private static IReadOnlyList<string> Escapes()
    {
        var rights = new LandlockRights(LandlockRights.FullAbi);
        using var sandbox = Landlock.Create(rights, []);
        return ReachedSockets.Escapes(rights, sandbox);
    }

    [LandlockFact]
    public async Task Where_scripts_are_never_to_be_confined_none_is_and_nothing_is_said()
    {
        await using var bench = await Bench.Create(settings => settings["scriptSandbox"]!["mode"] = "never");
        using var other = new OtherJob();
        var attempt = await bench.Ready(new PlayedJob { Id = 4711 });

        var (_, output) = await attempt.RunFile(other.Attempts);

        output.Should().Be("reads\ntruncates\nsignals\nconnects\nrenames\n");
        attempt.Log.Text.Should().NotContain("confined");
    }
}
