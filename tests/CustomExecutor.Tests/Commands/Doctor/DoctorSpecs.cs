using CliWrap;
using CliWrap.Buffered;
using CustomExecutor.Testing.Jobs;
using CustomExecutor.Testing.Preload;

namespace CustomExecutor.Tests.Commands.Doctor;

/// <summary>doctor on hosts that confine scripts well, badly and not at all.</summary>
public sealed class DoctorSpecs(OlderKernel kernel) : IClassFixture<OlderKernel>, IDisposable
{
    /// <summary>A user that owns nothing and has no account.</summary>
    private const string Nobody = "61235";

    private readonly TemporaryDirectory _files = new();

    [LandlockFact]
    public async Task A_user_of_its_own_on_a_new_kernel_is_fine_and_everything_that_was_tried_is_named()
    {
        if (Environment.UserName != "root")
            Assert.Skip("Only root can become another user.");
        var settings = _files.Write(
            "settings.json",
            """{ "scripts": { "runIn": "host" }, "workspace": { "root": "/var/lib/custom-executor-none/workspaces" } }"""
        );
        await Cli.Wrap("chmod")
            .WithArguments(["-R", "a+rX", _files.Path])
            .ExecuteAsync(TestContext.Current.CancellationToken);
        // root's own copy may lie where nobody else comes.
        await Cli.Wrap("install")
            .WithArguments(["-m", "755", RunnerHost.Driver, Path.Combine(_files.Path, "driver")])
            .ExecuteAsync(TestContext.Current.CancellationToken);

        var (exitCode, table) = await Run(
            "setpriv",
            "--reuid",
            Nobody,
            "--regid",
            Nobody,
            "--clear-groups",
            Path.Combine(_files.Path, "driver"),
            "--settings",
            settings,
            "doctor"
        );

        table.Should().Contain($"Scripts of user {Nobody} on this host").And.NotContain("!").And.NotContain("REACHED");
        table
            .Should()
            .MatchRegex($@"\+ {settings} +out of reach\n")
            .And.MatchRegex(@"\+ other processes' memory and environment +out of reach\n")
            .And.MatchRegex(@"\+ signals to other processes +out of reach\n")
            .And.MatchRegex(@"  /tmp +closed ", "the settings lie in it")
            .And.EndWith("Scripts can access only their own job. Lines above without a mark are for information.\n");
        exitCode.Should().Be(0);
    }

    [Fact]
    public async Task Where_scripts_run_in_pods_there_is_nothing_to_check_on_this_host()
    {
        var settings = _files.Write("pod.json", """{ "scripts": { "runIn": "pod" } }""");

        var (exitCode, text) = await Run(RunnerHost.Driver, "--settings", settings, "doctor");

        text.Should().Contain("Scripts run in each job's own pod").And.Contain(settings);
        exitCode.Should().Be(0);
    }

    [LandlockTheory]
    [InlineData(
        "true",
        "! docker push, pull, tag and load +not served +there is no program .*custom-executor-engine-api"
    )]
    [InlineData(
        "null",
        "  docker push, pull, tag and load +not served +there is no program .*custom-executor-engine-api"
    )]
    [InlineData("false", "  docker push, pull, tag and load +not served +docker.engineApi is false\n")]
    public async Task Where_the_program_of_the_Docker_Engine_API_is_missing_it_is_told(string setting, string line)
    {
        var settings = _files.Write(
            "settings.json",
            $$"""{ "scripts": { "runIn": "host" }, "docker": { "engineApi": {{setting}} } }"""
        );

        var (_, table) = await Run(RunnerHost.BuiltDriver, "--settings", settings, "doctor");

        table.Should().MatchRegex(line);
    }

    [LandlockFact]
    public async Task Root_is_told_that_it_does_not_hold()
    {
        if (Environment.UserName != "root")
            Assert.Skip("The tests don't run as root.");

        var (exitCode, table) = await Run(RunnerHost.Driver, "--settings", OnHost(), "doctor");

        table.Should().MatchRegex("! leaving the sandbox +not prevented +it runs as root\n");
        exitCode.Should().Be(1);
    }

    [LandlockTheory]
    [InlineData(
        5,
        "! signalling other jobs' processes +not prevented +needs Linux 6.12\n",
        "! signals to other processes +REACHED"
    )]
    [InlineData(
        1,
        "  rename +hindered +files can't be renamed",
        "! truncating any file whose path is known +not prevented"
    )]
    [InlineData(0, "! scripts +not confined +this kernel has no Landlock", "1 problem found")]
    public async Task An_older_kernel_is_told_what_it_lacks(int abi, params string[] lines)
    {
        using var host = new RunnerHost("", "none");

        var (exitCode, table) = await Run(kernel.Runner(host, abi).Driver, [.. host.Runner.Arguments, "doctor"]);

        foreach (var line in lines)
            table.Should().MatchRegex(line);
        exitCode.Should().Be(1);
    }

    [LandlockFact]
    public async Task Scripts_that_are_not_to_be_confined_and_paths_that_are_not_there_are_told()
    {
        var never = _files.Write(
            "never.json",
            """{ "scripts": { "runIn": "host" }, "scriptSandbox": { "mode": "never" } }"""
        );
        var missing = _files.Write(
            "missing.json",
            """{ "scripts": { "runIn": "host" }, "scriptSandbox": { "allow": ["/no/such/path"] } }"""
        );

        (await Run(RunnerHost.Driver, "doctor", "--settings", never))
            .Should()
            .Match<(int ExitCode, string Table)>(r =>
                r.ExitCode == 1 && r.Table.Contains("scriptSandbox.mode is \"never\"")
            );
        (await Run(RunnerHost.Driver, "doctor", "--settings", missing))
            .Table.Should()
            .MatchRegex("! /no/such/path +missing +listed in scriptSandbox.allow, but");
    }

    [LandlockTheory]
    [InlineData("/run/dbus/system_bus_socket", "666", true)]
    [InlineData("/run/docker.sock", "666", true)]
    [InlineData("/run/user/61235/bus", "666", true)]
    [InlineData("/run/user/61235/podman/podman.sock", "666", true)]
    [InlineData("/run/screen/S-x/1.tty", "666", true)]
    [InlineData("/run/dbus/system_bus_socket", "600", false)]
    [InlineData("/run/containerd/containerd.sock", "660", false)]
    [InlineData("/run/other/service.socket", "666", false)]
    public async Task A_socket_that_leads_out_of_the_sandbox_is_reported_if_a_script_reaches_it(
        string path,
        string mode,
        bool isEscape
    )
    {
        var table = await WithSocket(path, mode, "");

        if (isEscape)
        {
            table
                .Should()
                .Contain($"! using {path} to start processes outside")
                .And.NotContain("containers, machines)");
        }
        else
        {
            table
                .Should()
                .NotContain("to start processes outside")
                .And.MatchRegex(@"\+ sockets that start processes .* out of reach\n");
        }

        if (mode == "666" && !isEscape)
            table.Should().MatchRegex($"  unix socket {path} +reached +root's");
    }

    [LandlockTheory]
    [InlineData("/run/dbus/system_bus_socket")]
    [InlineData("/run/user/61235/bus")]
    [InlineData("/run/other/service.socket")]
    public async Task Where_the_units_mounts_close_run_no_socket_there_is_reached(string path) =>
        (await WithSocket(path, "666", "mount -t tmpfs -o mode=755 tmpfs /run"))
            .Should()
            .NotContain("to start processes outside")
            .And.NotContain($"unix socket {path}");

    /// <summary>doctor where root's program listens on a socket, in a mount namespace with a /run of its own.</summary>
    private async Task<string> WithSocket(string path, string mode, string then)
    {
        if (Environment.UserName != "root")
            Assert.Skip("Only root can mount.");
        var (driver, settings) = (Path.Combine(_files.Path, "driver"), OnHost());
        await Cli.Wrap("install")
            .WithArguments(["-m", "755", RunnerHost.Driver, driver])
            .ExecuteAsync(TestContext.Current.CancellationToken);
        await Cli.Wrap("chmod")
            .WithArguments(["-R", "a+rX", _files.Path])
            .ExecuteAsync(TestContext.Current.CancellationToken);
        var script = $$"""
            mount -t tmpfs -o mode=755 tmpfs /run && mkdir -p $(dirname {{path}})
            perl -MIO::Socket::UNIX -e '$s = IO::Socket::UNIX->new(Listen => 1, Local => $ARGV[0]) or die "$@ $!"; chmod oct($ARGV[1]), $ARGV[0]; print "ready\n"; close STDOUT; sleep 60' {{path}} {{mode}} > {{_files.Path}}/ready &
            for i in {1..500}; do [ -s {{_files.Path}}/ready ] && break; sleep 0.02; done
            {{then}}
            setpriv --reuid {{Nobody}} --regid {{Nobody}} --clear-groups {{driver}} --settings {{settings}} doctor
            kill $!
            """;
        return (await Run("unshare", "--mount", "--propagation", "private", "bash", "-c", script)).Table;
    }

    public void Dispose() => _files.Dispose();

    private static async Task<(int ExitCode, string Table)> Run(string program, params string[] arguments)
    {
        var result = await Cli.Wrap(program)
            .WithArguments(arguments)
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
        result.StandardError.Should().BeEmpty();
        return (result.ExitCode, result.StandardOutput);
    }

    private string OnHost() => _files.Write("host.json", """{ "scripts": { "runIn": "host" } }""");
}
