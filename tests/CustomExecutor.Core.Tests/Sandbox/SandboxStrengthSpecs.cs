using CustomExecutor.Core.Sandbox;

namespace CustomExecutor.Core.Tests.Sandbox;

/// <summary>What the author and the admin are told of a host that can't confine scripts in full.</summary>
public sealed class SandboxStrengthSpecs
{
    private static readonly SandboxStrength Full = new(7, null, IsRoot: false, []);

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(12)]
    public void A_host_that_can_do_it_all_is_not_talked_about(int abi)
    {
        var strength = Full with { Abi = abi };

        (strength.Line(), strength.Refusal(), strength.IsFull).Should().Be((null, null, true));
    }

    [Theory]
    [InlineData(
        5,
        "The job's script is confined to its own files, but not kept from signalling other jobs' processes, "
            + "abstract unix sockets (needs Linux 6.12)."
    )]
    [InlineData(
        4,
        "The job's script is confined to its own files, but not kept from signalling other jobs' processes, "
            + "abstract unix sockets (needs Linux 6.12); controlling devices (ioctl) (needs Linux 6.10)."
    )]
    [InlineData(
        2,
        "The job's script is confined to its own files, but not kept from signalling other jobs' processes, "
            + "abstract unix sockets (needs Linux 6.12); controlling devices (ioctl) (needs Linux 6.10); "
            + "truncating files whose path it knows (needs Linux 6.2)."
    )]
    public void What_an_older_kernel_can_not_do_is_told_with_the_version_that_can(int abi, string line) =>
        (Full with { Abi = abi }).Line().Should().Be(line);

    [Fact]
    public void The_first_ABI_also_hinders_scripts() =>
        (Full with { Abi = 1 })
            .Line()
            .Should()
            .EndWith("Also, files can't be renamed or linked from one directory to another (needs Linux 5.19).");

    [Fact]
    public void A_host_that_confines_nothing_is_told_as_such() =>
        new SandboxStrength(0, "this kernel has no Landlock (needs Linux 5.13)", false, [])
            .Line()
            .Should()
            .Be("The job's script is not confined: this kernel has no Landlock (needs Linux 5.13).");

    [Fact]
    public void Root_is_said_plainly_not_to_be_held() =>
        (Full with { IsRoot = true })
            .Line()
            .Should()
            .Be(
                "The job's script is confined to its own files, but not kept from getting around its confinement "
                    + "(it runs as root)."
            );

    [Fact]
    public void A_socket_that_leads_out_is_named() =>
        (Full with { Sockets = ["/run/docker.sock", "/tmp/tmux-1/x\n"] })
            .Line()
            .Should()
            .Contain(
                @"not kept from using /run/docker.sock to start processes outside, using /tmp/tmux-1/x\u000a to start processes outside (the service's unit must close it: see runner/systemd)"
            );

    [Theory]
    [InlineData(7)]
    [InlineData(9)]
    public void A_socket_that_a_script_has_reached_is_a_gap_on_every_kernel(int abi) =>
        (Full with { Abi = abi, Sockets = ["/run/docker.sock"] }).IsFull.Should().BeFalse();

    [Fact]
    public void A_host_that_filters_no_system_calls_is_reported() =>
        (Full with { FilterAbsence = "this kernel has no filters" })
            .Line()
            .Should()
            .EndWith(
                "not kept from changing other jobs' limits, priorities and kernel keys (this kernel has no filters)."
            );

    [Fact]
    public void Where_it_must_be_full_each_gap_and_the_remedy_are_told() =>
        (Full with { Abi = 5, IsRoot = true })
            .Refusal()
            .Should()
            .Be(
                """
                Scripts can't be confined in full on this host, and scriptSandbox.mode is "always":
                  getting around its confinement: it runs as root
                  signalling other jobs' processes: needs Linux 6.12
                  abstract unix sockets: needs Linux 6.12
                Run the runner as a user of its own on Linux 6.12 or newer, or set scriptSandbox.mode to "auto"; custom-executor doctor tells more.
                """.ReplaceLineEndings("\n")
            );
}
