using CustomExecutor.Core.Runner;

namespace CustomExecutor.Tests.Stages;

/// <summary>The runner's calls are read without the command line's library, which must not change what they
/// mean.</summary>
public sealed class StageCallSpecs
{
    private static readonly string[] Stages = ["config", "prepare", "cleanup", "run"];

    /// <summary>Also what means something to the command line: options, their short forms, names of commands.</summary>
    private static readonly string[] Words =
    [
        "config",
        "run",
        "gc",
        "",
        " ",
        "-",
        "--",
        "-h",
        "-?",
        "/h",
        "/?",
        "/h:a",
        "/h=/a",
        "--help",
        "--version",
        "--settings",
        "--settings=/a/b",
        "--settings:/a/b",
        "/a/b",
        "/a",
        "//",
        "/a:b/c",
        "/a b/c d",
        "relative/path",
        "@/a/b",
        "[suggest]",
        "[env:A=b]",
        "build_script",
        "step_release",
        "after-script",
        "Ünïcode",
        "a=b",
        "a:b",
        "\"/a/b\"",
        "/tmp/custom-executor1/script2/script.",
    ];

    [Theory]
    [InlineData("config")]
    [InlineData("prepare")]
    [InlineData("cleanup")]
    [InlineData("run /tmp/custom-executor1/script2/script. build_script")]
    [InlineData("--settings /etc/other.json config")]
    [InlineData("--settings /etc/other.json run /tmp/script step_release")]
    public void The_calls_that_the_runner_makes_are_read_at_once(string arguments) =>
        StageCall.Of(arguments.Split(' ')).Should().NotBeNull();

    [Theory]
    [InlineData("run --help build_script")]
    [InlineData("run /h build_script")]
    [InlineData("run /tmp/script --help")]
    [InlineData("run @/tmp/arguments build_script")]
    [InlineData("run /tmp/script")]
    [InlineData("--settings config")]
    [InlineData("--settings=/etc/other.json config")]
    [InlineData("config --settings /etc/other.json")]
    [InlineData("gc")]
    public void Everything_else_is_left_to_the_command_line(string arguments) =>
        StageCall.Of(arguments.Split(' ')).Should().BeNull();

    [Fact]
    public async Task A_call_that_is_read_at_once_means_the_same_to_the_command_line()
    {
        var agreed = 0;
        foreach (var arguments in ArgumentLists())
        {
            if (StageCall.Of(arguments) is not { } call)
                continue;
            (await OfCommandLine(arguments)).Should().Be(call, string.Join(" | ", arguments));
            agreed++;
        }

        agreed.Should().BeGreaterThan(Stages.Length);
    }

    private static IEnumerable<string[]> ArgumentLists()
    {
        string[][] starts =
        [
            [],
            ["--settings"],
            .. Words.Select(word => (string[])["--settings", word]),
        ];
        string[][] ends =
        [
            [],
            .. Words.Select(word => (string[])[word]),
            .. Words.SelectMany(word => Words.Select(other => (string[])[word, other])),
            .. Words.Select(word => (string[])["/a/b", "build_script", word]),
        ];
        return starts.SelectMany(start =>
            Stages.SelectMany(stage => ends.Select(end => (string[])[.. start, stage, .. end]))
        );
    }

    /// <summary>The stage that the command line would run; null if it would run none.</summary>
    private static async Task<StageCall?> OfCommandLine(string[] arguments)
    {
        StageCall? called = null;
        var parsed = CommandLine.Parse(
            arguments,
            new RunnerEnvironment(new Dictionary<string, string>()),
            TimeProvider.System,
            call =>
            {
                called = call;
                return Task.FromResult(0);
            }
        );
        if (parsed.Errors.Count == 0)
            await parsed.InvokeAsync(cancellationToken: TestContext.Current.CancellationToken);
        return called;
    }
}
