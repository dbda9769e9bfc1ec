using System.Text;
using CustomExecutor.Core;
using CustomExecutor.Host.Processes;

namespace CustomExecutor.Tests.Host.Processes;

public sealed class ChildProcessSpecs
{
    private static readonly Dictionary<string, string> PathOnly = new() { ["PATH"] = "/usr/local/bin:/usr/bin:/bin" };

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(255)]
    public async Task I_learn_the_exit_code_of_a_program(int code)
    {
        var (exit, _) = await Run("exit " + code);

        exit.Should().Be(new ChildExit(code, null));
    }

    [Fact]
    public async Task I_learn_the_signal_that_ended_a_program()
    {
        var (exit, _) = await Run("kill -KILL $$");

        exit.Should().Be(new ChildExit(null, ChildProcessSignal.Kill));
    }

    [Fact]
    public async Task A_broken_pipe_ends_a_writer_silently_as_in_a_plain_shell()
    {
        var (exit, output) = await Run("set -o pipefail; yes | head -n1");

        exit.Should().Be(new ChildExit(141, null));
        output.Should().Be("y\n");
    }

    [Fact]
    public async Task No_signal_is_ignored_or_blocked_in_the_child()
    {
        var (_, output) = await Run("exec grep -E 'Sig(Blk|Ign)' /proc/self/status");

        output.Should().Be("SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
    }

    [Fact]
    public async Task The_environment_is_exactly_what_I_gave()
    {
        var environment = new Dictionary<string, string>
        {
            ["EMPTY"] = "",
            ["HOSTILE"] = "a\nb=`c` $(d) 'e' \"f\" ü🙂\t",
        };

        var (_, output) = await Run(new ChildProcessStart("/usr/bin/env", ["-0"], environment));

        output
            .Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Should()
            .BeEquivalentTo("EMPTY=", "HOSTILE=a\nb=`c` $(d) 'e' \"f\" ü🙂\t");
    }

    [Fact]
    public async Task A_name_is_looked_up_in_the_path_that_the_child_gets()
    {
        using var directory = new TemporaryDirectory();
        directory.WriteExecutable("greet", "#!/bin/sh\necho hello from $0\n");

        var (_, output) = await Run(
            new ChildProcessStart("greet", [], new Dictionary<string, string> { ["PATH"] = directory.Path })
        );

        output.Should().Be($"hello from {directory.Path}/greet\n");
    }

    [Fact]
    public async Task A_name_is_looked_up_in_my_own_path_if_the_child_gets_none()
    {
        var (exit, _) = await Run(new ChildProcessStart("true", [], new Dictionary<string, string>()));

        exit.Code.Should().Be(0);
    }

    [Fact]
    public void A_missing_file_is_a_clear_error()
    {
        var byName = () => ChildProcess.Start(new ChildProcessStart("no-such-program", [], PathOnly));
        var byPath = () => ChildProcess.Start(new ChildProcessStart("/no/such/program", [], PathOnly));

        byName
            .Should()
            .Throw<DriverException>()
            .WithMessage("Can't start 'no-such-program': no directory in PATH has *");
        byPath
            .Should()
            .Throw<DriverException>()
            .WithMessage("Can't start '/no/such/program': No such file or directory.");
    }

    [Fact]
    public void A_file_that_may_not_be_executed_is_a_clear_error()
    {
        var start = () => ChildProcess.Start(new ChildProcessStart("/etc/passwd", [], PathOnly));

        start.Should().Throw<DriverException>().WithMessage("Can't start '/etc/passwd': Permission denied.");
    }

    [Fact]
    public void A_missing_working_directory_is_a_clear_error()
    {
        var start = () =>
            ChildProcess.Start(new ChildProcessStart("true", [], PathOnly) { WorkingDirectory = "/no/such/place" });

        start
            .Should()
            .Throw<DriverException>()
            .WithMessage("Can't start 'true' in '/no/such/place': No such file or directory.");
    }

    [Fact]
    public void A_NUL_character_is_refused_as_no_program_can_be_given_one()
    {
        var argument = () => ChildProcess.Start(new ChildProcessStart("true", ["a\0b"], PathOnly));
        var variable = () =>
            ChildProcess.Start(new ChildProcessStart("true", [], new Dictionary<string, string> { ["KEY"] = "a\0b" }));

        argument.Should().Throw<DriverException>().WithMessage("*argument 1 has a NUL*");
        variable.Should().Throw<DriverException>().WithMessage("*'KEY' has a NUL*");
    }

    [Fact]
    public void A_variable_larger_than_the_kernel_allows_is_a_clear_error()
    {
        var huge = new Dictionary<string, string> { ["HUGE"] = new('x', 140_000) };

        var start = () => ChildProcess.Start(new ChildProcessStart("/bin/true", [], huge));

        start.Should().Throw<DriverException>().WithMessage("*Argument list too long*");
    }

    [Fact]
    public async Task I_can_pass_an_argument_of_10_000_characters()
    {
        var argument = string.Concat(Enumerable.Repeat("0123456789", 1000));

        var (_, output) = await Run(new ChildProcessStart("printf", ["%s", argument], PathOnly));

        output.Should().Be(argument);
    }

    [Fact]
    public async Task I_can_choose_the_working_directory()
    {
        using var directory = new TemporaryDirectory();

        var (_, output) = await Run(new ChildProcessStart("pwd", [], PathOnly) { WorkingDirectory = directory.Path });

        output.Should().Be(directory.Path + "\n");
    }

    [Fact]
    public async Task Output_and_errors_keep_their_order_on_one_pipe()
    {
        var (_, output) = await Run("for i in 1 2 3 4 5 6 7 8 9; do echo out $i; echo err $i >&2; done");

        output.Should().Be(string.Concat(Enumerable.Range(1, 9).Select(i => $"out {i}\nerr {i}\n")));
    }

    [Fact]
    public async Task Standard_input_is_empty()
    {
        var (_, output) = await Run("readlink /proc/self/fd/0; cat");

        output.Should().Be("/dev/null\n");
    }

    [Fact]
    public async Task No_descriptor_of_mine_reaches_the_child()
    {
        using var directory = new TemporaryDirectory();
        using var open = File.Create(Path.Combine(directory.Path, "open"));

        var (_, output) = await Run(new ChildProcessStart("ls", ["/proc/self/fd"], PathOnly));

        output.Should().Be("0\n1\n2\n3\n", "3 is the directory that ls reads");
    }

    [Fact]
    public async Task A_child_shares_my_process_group_unless_I_ask_for_its_own()
    {
        var mine = (await File.ReadAllTextAsync("/proc/self/stat", TestContext.Current.CancellationToken)).Split(' ')[
            4
        ];
        var shell = new ChildProcessStart("bash", ["-c", "echo $$ $(cut -d' ' -f5 /proc/$$/stat)"], PathOnly);

        var (_, shared) = await Run(shell);
        var (_, own) = await Run(shell with { NewProcessGroup = true });

        shared.Trim().Split(' ')[1].Should().Be(mine);
        own.Trim().Split(' ').Distinct().Should().ContainSingle();
    }

    [Fact]
    public async Task I_can_signal_a_child_and_signalling_one_that_has_ended_does_nothing()
    {
        using var child = ChildProcess.Start(new ChildProcessStart("sleep", ["60"], PathOnly));

        child.Signal(ChildProcessSignal.Terminate);

        (await child.Exit).Should().Be(new ChildExit(null, ChildProcessSignal.Terminate));
        child.Signal(ChildProcessSignal.Terminate);
    }

    [Fact]
    public async Task I_can_signal_a_group_even_when_its_leader_has_ended()
    {
        using var pipe = new ChildProcessPipe();
        using var child = ChildProcess.Start(
            new ChildProcessStart("bash", ["-c", "sleep 60 & echo left behind"], PathOnly)
            {
                NewProcessGroup = true,
                StandardOutput = pipe.Writer,
            }
        );
        pipe.CloseWriter();
        (await child.Exit).Code.Should().Be(0);

        child.SignalGroup(ChildProcessSignal.Kill);

        (await ReadAll(pipe)).Should().Be("left behind\n", "the pipe ends only with the last who holds it");
    }

    [Fact]
    public async Task No_zombie_stays_when_I_am_done_with_a_child()
    {
        var plain = ChildProcess.Start(new ChildProcessStart("true", [], PathOnly));
        var leader = ChildProcess.Start(new ChildProcessStart("true", [], PathOnly) { NewProcessGroup = true });
        await Task.WhenAll(plain.Exit, leader.Exit);

        leader.Dispose();

        Directory.Exists($"/proc/{plain.Id}").Should().BeFalse();
        Directory.Exists($"/proc/{leader.Id}").Should().BeFalse();
    }

    [Fact]
    public async Task I_can_start_children_from_many_threads()
    {
        var runs = Enumerable.Range(0, 100).Select(number => Task.Run(() => Run($"echo {number}; exit {number}")));

        var results = await Task.WhenAll(runs);

        results
            .Should()
            .BeEquivalentTo(Enumerable.Range(0, 100).Select(number => (new ChildExit(number, null), $"{number}\n")));
    }

    private static Task<(ChildExit Exit, string Output)> Run(string script) =>
        Run(new ChildProcessStart("bash", ["-c", script], PathOnly));

    private static async Task<(ChildExit Exit, string Output)> Run(ChildProcessStart start)
    {
        using var pipe = new ChildProcessPipe();
        using var child = ChildProcess.Start(start with { StandardOutput = pipe.Writer, StandardError = pipe.Writer });
        pipe.CloseWriter();
        var output = await ReadAll(pipe);
        return (await child.Exit, output);
    }

    private static async Task<string> ReadAll(ChildProcessPipe pipe)
    {
        using var reader = new StreamReader(pipe.Reader, Encoding.UTF8);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
