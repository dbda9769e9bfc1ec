using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CustomExecutor.Core.Scripts.Pod;

namespace CustomExecutor.EndToEnd.PodScripts;

/// <summary>A script in a container of a pod on the real node, over a connection that holds.</summary>
public sealed class PodScriptSpecs
{
    [Theory]
    [InlineData("busybox")]
    [InlineData("bash")]
    [InlineData("dash")]
    [InlineData("bare")]
    public async Task A_script_s_output_and_exit_code_come_whatever_shell_there_is(string image)
    {
        await using var pod = await ScriptPod.Start(ContainerImage.Of(image));
        foreach (var code in new[] { 0, 1, 2, 3, 127, 137 })
        {
            var (result, output) = await pod.Run($"echo out; echo err >&2; echo dev >/dev/stderr; exit {code}");
            result.Should().Be(new PodScriptResult.Exited(code));
            output.Should().Be("out\nerr\ndev\n");
        }

        (await pod.Run("kill -s KILL $$")).Result.Should().Be(new PodScriptResult.Exited(137));
        (await pod.Run("read -r x || echo end")).Output.Should().Be("end\n", "stdin is empty");
    }

    [Theory]
    [InlineData("busybox")]
    [InlineData("bash")]
    [InlineData("dash")]
    [InlineData("bare")]
    public async Task What_a_script_starts_can_be_interrupted_as_usual(string image)
    {
        await using var pod = await ScriptPod.Start(ContainerImage.Of(image));
        (await pod.Run("cat /proc/self/status | while read -r a b; do case $a in SigIgn:) echo $b;; esac; done"))
            .Output.Should()
            .Be("0000000000000000\n");
    }

    [Fact]
    public async Task The_environment_is_what_was_asked_for_and_nothing_of_it_is_executed()
    {
        await using var pod = await ScriptPod.Start(ContainerImage.Bash);
        var hostile = "$(touch /run/output/x) ' \" \\ `id`\n#run\nend \u00e4";
        var request = pod.Request("printf '%s\\n' \"$HOSTILE\"; umask; pwd; echo $PATH; ls /run/output/x") with
        {
            Environment = new PodScriptEnvironment
            {
                Variables = new Dictionary<string, string> { ["HOSTILE"] = hostile },
                PathPrefix = "/a b:/c",
                Umask = "0000",
                WorkingDirectory = "/tmp",
            },
        };
        using var output = new MemoryStream();
        (await ScriptPod.Run(request, output)).Should().Be(new PodScriptResult.Exited(2));
        Encoding
            .UTF8.GetString(output.ToArray())
            .Should()
            .StartWith($"{hostile}\n0000\n/tmp\n/a b:/c:/bash\n")
            .And.Contain("No such file");
    }

    [Fact]
    public async Task Binary_output_is_the_same_byte_for_byte()
    {
        await using var pod = await ScriptPod.Start(ContainerImage.Bash);
        var bytes = RandomNumberGenerator.GetBytes(3_000_000);
        // The script carries it, so it is a long one as well.
        var request = pod.Request("");
        request = request with
        {
            Script = (byte[])
                [.. Encoding.ASCII.GetBytes($"tail -c +{50} \"$0\"; exit 5".PadRight(48, ' ') + "\n"), .. bytes],
        };
        using var output = new MemoryStream();
        (await ScriptPod.Run(request, output)).Should().Be(new PodScriptResult.Exited(5));
        output.ToArray().AsSpan().SequenceEqual(bytes).Should().BeTrue();
    }

    [Fact]
    public async Task A_lot_of_output_is_the_same_byte_for_byte()
    {
        var megabytes = int.Parse(
            Environment.GetEnvironmentVariable("CUSTOM_EXECUTOR_TEST_OUTPUT_MB") ?? "200",
            CultureInfo.InvariantCulture
        );
        await using var pod = await ScriptPod.Start(ContainerImage.Bash);
        await using var output = new HashedLines();
        var began = Stopwatch.GetTimestamp();
        (
            await ScriptPod.Run(
                pod.Request($"yes 'a line of output that has a number of bytes' | head -c {megabytes}000000; exit 3"),
                output
            )
        )
            .Should()
            .Be(new PodScriptResult.Exited(3));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{megabytes} MB in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s"
        );
        output.Length.Should().Be(megabytes * 1_000_000L);
        output.Hash.Should().Be(HashedLines.Of("a line of output that has a number of bytes\n", output.Length));
    }

    [Fact]
    public async Task A_script_may_close_its_output()
    {
        await using var pod = await ScriptPod.Start(ContainerImage.Busybox);
        (await pod.Run("echo before; exec >&- 2>&-; sleep 1; exit 4"))
            .Should()
            .Be((new PodScriptResult.Exited(4), "before\n"));
    }

    [Fact]
    public async Task What_a_script_leaves_in_the_background_does_not_delay_its_end_and_runs_on()
    {
        await using var pod = await ScriptPod.Start(ContainerImage.Busybox);
        (await pod.Run("sleep 300 & echo $! >/run/output/left; echo end"))
            .Should()
            .Be((new PodScriptResult.Exited(0), "end\n"));
        (await pod.Run("kill -0 $(cat /run/output/left)")).Result.Should().Be(new PodScriptResult.Exited(0));
    }

    [Fact]
    public async Task A_background_process_that_writes_without_end_does_not_delay_the_end()
    {
        await using var pod = await ScriptPod.Start(ContainerImage.Bash);
        var (result, output) = await pod.Run(
            "(trap '' PIPE; while :; do echo more; done) & sleep 0.2; echo last; exit 6"
        );
        result.Should().Be(new PodScriptResult.Exited(6));
        output.Should().Contain("last\n");
    }

    [Fact]
    public async Task Two_scripts_have_nothing_of_each_other()
    {
        await using var pod = await ScriptPod.Start(ContainerImage.Busybox, uid: 1234);
        (await pod.Run("echo one; exit 1")).Should().Be((new PodScriptResult.Exited(1), "one\n"));
        (await pod.Run("echo two; id -u")).Should().Be((new PodScriptResult.Exited(0), "two\n1234\n"));
        await Eventually.True(
            async () => (await pod.Run("ls /run/scripts/*/script.* 2>/dev/null | wc -l")).Output.Trim() == "1",
            "a script's text goes with it"
        );
    }

    [Fact]
    public async Task A_slow_reader_gets_all()
    {
        await using var pod = await ScriptPod.Start(ContainerImage.Bash);
        await using var output = new HashedLines { Delay = TimeSpan.FromMilliseconds(10) };
        (await ScriptPod.Run(pod.Request("yes 'line' | head -c 20000000"), output))
            .Should()
            .Be(new PodScriptResult.Exited(0));
        output.Hash.Should().Be(HashedLines.Of("line\n", 20_000_000));
    }

    [Fact]
    public async Task An_image_without_a_shell_gets_a_sentence()
    {
        await using var pod = await ScriptPod.Start(ContainerImage.None);
        (await pod.Run("true"))
            .Result.Should()
            .BeOfType<PodScriptResult.NotRunnable>()
            .Which.Message.Should()
            .Contain("has no sh on its PATH");
    }

    [Fact]
    public async Task An_image_without_a_needed_program_gets_a_sentence_that_names_it()
    {
        await using var pod = await ScriptPod.Start(ContainerImage.Poor);
        (await pod.Run("true"))
            .Result.Should()
            .BeOfType<PodScriptResult.NotRunnable>()
            .Which.Message.Should()
            .Contain("has no head,");
    }

    [Fact]
    public async Task A_place_that_is_not_writable_gets_a_sentence_that_names_it_and_the_user()
    {
        await using var pod = await ScriptPod.Start(ContainerImage.Busybox, uid: 1234, volumes: false);
        (await pod.Run("true"))
            .Result.Should()
            .BeOfType<PodScriptResult.NotRunnable>()
            .Which.Message.Should()
            .Contain("/run/scripts is not writable for user 1234");
    }
}
