using CustomExecutor.Core.Sandbox;

namespace CustomExecutor.Core.Tests.Sandbox;

/// <summary>Messages for the author and the admin on a host that can't fully confine scripts.</summary>
public sealed class SandboxStrengthSpecs
{
    private static readonly SandboxStrength Full = new(7, null, IsRoot: false, []);

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(12)]
    public void A_host_without_gaps_is_not_mentioned(int abi)
    {
        var strength = Full with { Abi = abi };

        (strength.Line(), strength.Refusal(), strength.IsFull).Should().Be((null, null, true));
    }

    [Theory]
    [InlineData(
        5,
        "The job's script is confined to its own files, but this host cannot prevent: signalling other jobs' "
            + "processes, "
            + "connecting to abstract unix sockets (needs Linux 6.12)."
    )]
    [InlineData(
        4,
        "The job's script is confined to its own files, but this host cannot prevent: signalling other jobs' "
            + "processes, "
            + "connecting to abstract unix sockets (needs Linux 6.12); controlling devices (ioctl) (needs Linux 6.10)."
    )]
    [InlineData(
        2,
        "The job's script is confined to its own files, but this host cannot prevent: signalling other jobs' "
            + "processes, "
            + "connecting to abstract unix sockets (needs Linux 6.12); controlling devices (ioctl) (needs Linux 6.10); "
            + "truncating any file whose path is known (needs Linux 6.2)."
    )]
    public void An_older_kernels_gaps_are_reported_with_the_version_that_closes_them(int abi, string line) =>
        (Full with { Abi = abi }).Line().Should().Be(line);

    [Fact]
    public void The_first_ABI_also_prevents_moves_between_directories() =>
        (Full with { Abi = 1 })
            .Line()
            .Should()
            .EndWith("Also, files can't be renamed or linked from one directory to another (needs Linux 5.19).");

    [Fact]
    public void A_host_that_cannot_confine_scripts_is_reported() =>
        new SandboxStrength(0, "this kernel has no Landlock (needs Linux 5.13)", false, [])
            .Line()
            .Should()
            .Be("The job's script is not confined: this kernel has no Landlock (needs Linux 5.13).");

    [Fact]
    public void A_script_that_runs_as_root_is_reported_as_not_contained() =>
        (Full with { IsRoot = true })
            .Line()
            .Should()
            .Be(
                "The job's script is confined to its own files, but this host cannot prevent: leaving the sandbox "
                    + "(it runs as root)."
            );

    [Fact]
    public void A_socket_that_leads_out_of_the_sandbox_is_named() =>
        (Full with { Sockets = ["/run/docker.sock", "/tmp/tmux-1/x\n"] })
            .Line()
            .Should()
            .Contain(
                @"this host cannot prevent: using /run/docker.sock to start processes outside, using /tmp/tmux-1/x\u000a to start processes outside (the service's unit must close it: see runner/systemd)"
            );

    [Theory]
    [InlineData(7)]
    [InlineData(9)]
    public void A_reachable_socket_is_a_gap_on_every_kernel(int abi) =>
        (Full with { Abi = abi, Sockets = ["/run/docker.sock"] }).IsFull.Should().BeFalse();

    [Fact]
    public void A_host_without_system_call_filters_is_reported() =>
        (Full with { FilterAbsence = "this kernel has no filters" })
            .Line()
            .Should()
            .EndWith(
                "this host cannot prevent: changing other jobs' limits, priorities and kernel keys (this kernel has "
                    + "no filters)."
            );

    [Fact]
    public void In_mode_always_each_gap_and_the_remedy_are_reported() =>
        (Full with { Abi = 5, IsRoot = true })
            .Refusal()
            .Should()
            .Be(
                """
                Scripts can't be fully confined on this host, and scriptSandbox.mode is "always":
                  leaving the sandbox: it runs as root
                  signalling other jobs' processes: needs Linux 6.12
                  connecting to abstract unix sockets: needs Linux 6.12
                Run the runner as its own user on Linux 6.12 or newer, or set scriptSandbox.mode to "auto". For details, run custom-executor doctor.
                """.ReplaceLineEndings("\n")
            );
}
