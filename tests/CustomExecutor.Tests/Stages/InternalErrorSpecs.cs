using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CustomExecutor.Commands.Try;
using CustomExecutor.Core;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Settings;
using CustomExecutor.Testing.Jobs;

namespace CustomExecutor.Tests.Stages;

/// <summary>An exception that no code expects: the author gets one sentence, the admin the whole exception, the runner
/// a system failure.</summary>
public sealed partial class InternalErrorSpecs : IDisposable
{
    private const string Unreachable = """
        {apiVersion: v1, kind: Config, current-context: a, contexts: [{name: a, context: {cluster: a, user: a}}],
         clusters: [{name: a, cluster: {server: "https://127.0.0.1:1"}}], users: [{name: a, user: {token: t}}]}
        """;

    private readonly RunnerHost _host = new(Unreachable, "no-such-namespace");

    public static TheoryData<Exception> Unexpected =>
        [
            new KeyNotFoundException(StartupHook.Secret),
            new InvalidOperationException(StartupHook.Secret, new FormatException(StartupHook.Secret)),
            new AggregateException(new ArgumentException(StartupHook.Secret)),
            new OperationCanceledException(StartupHook.Secret),
            new ObjectDisposedException(StartupHook.Secret),
            new TypeInitializationException(StartupHook.Secret, null),
            new IOException(StartupHook.Secret),
        ];

    [Theory]
    [InlineData("gc --dry-run")]
    [InlineData("doctor")]
    public async Task A_command_reports_it_with_a_reference_and_keeps_the_record_in_the_admin_log(string command)
    {
        var (code, log) = await Call("main", command);

        code.Should().Be(RunnerResult.SystemFailureExitCode, log);
        var reference = ShouldBeOneSentence(log, "The admin log has the full record.");
        var record = (await File.ReadAllLinesAsync(_host.AdminLog, TestContext.Current.CancellationToken))
            .Should()
            .ContainSingle(line => line.Contains($"Internal error {reference}", StringComparison.Ordinal))
            .Subject;
        record
            .Should()
            .Contain(StartupHook.Secret)
            .And.Contain("   at ")
            .And.Contain($"\"Stage\":\"{command.Split(' ')[0]}\"");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("stderr")]
    public async Task Without_a_log_file_it_says_how_to_get_the_record(string? path)
    {
        using var host = new RunnerHost(Unreachable, "no-such-namespace", s => s["log"]!["path"] = path);

        var (code, log) = await Call(host, "main", "doctor");

        code.Should().Be(RunnerResult.SystemFailureExitCode, log);
        var lines = string.Join('\n', log.Split('\n').Where(line => !line.StartsWith('{')));
        ShouldBeOneSentence(lines, "No full record was kept: set log.path in the settings to a file");
        log.Should().NotContain(StartupHook.Secret);
    }

    [Theory]
    [InlineData("thread")]
    [InlineData("timer")]
    public async Task A_thread_that_fails_ends_the_process_with_a_sentence_and_no_abort(string where)
    {
        var (code, log) = await Call(where, "doctor", ("SYSTEM_FAILURE_EXIT_CODE", "42"));

        code.Should().Be(42, log);
        ShouldBeOneSentence(log, "No full record was kept");
    }

    [Theory]
    [MemberData(nameof(Unexpected))]
    public async Task A_stage_ends_as_a_system_failure_whatever_it_throws(Exception thrown)
    {
        var settings = new LogSettings { Path = _host.AdminLog };
        var runner = new RunnerEnvironment(new Dictionary<string, string> { ["SYSTEM_FAILURE_EXIT_CODE"] = "42" });

        (await CommandBoundary.RunLogged("gc", settings, runner, _ => Task.FromException<int>(thrown))).Should().Be(42);

        var records = await File.ReadAllTextAsync(_host.AdminLog, TestContext.Current.CancellationToken);
        records
            .Should()
            .Contain(StartupHook.Secret)
            .And.Contain(thrown.GetType().Name)
            .And.MatchRegex(@"Internal error \(reference [a-z2-9]{8}\)");
    }

    [Fact]
    public async Task A_failure_that_is_written_for_people_keeps_its_own_words_and_kind()
    {
        var runner = new RunnerEnvironment(new Dictionary<string, string> { ["BUILD_FAILURE_EXIT_CODE"] = "41" });

        (await CommandBoundary.Run(runner, () => throw new DriverException("in its own words", FailureKind.Build)))
            .Should()
            .Be(41);
    }

    public void Dispose() => _host.Dispose();

    private static string ShouldBeOneSentence(string log, string where)
    {
        var line = log.TrimEnd('\n').Split('\n').Should().ContainSingle().Subject;
        var match = Sentence().Match(line);
        match.Success.Should().BeTrue(line);
        line.Should().Contain(where).And.NotContain(StartupHook.Secret).And.NotContain("Exception");
        return match.Groups[1].Value;
    }

    private Task<(int Code, string Log)> Call(
        string crash,
        string command,
        params (string Name, string Value)[] variables
    ) => Call(_host, crash, command, variables);

    private static async Task<(int Code, string Log)> Call(
        RunnerHost host,
        string crash,
        string command,
        params (string Name, string Value)[] variables
    )
    {
        using var attempt = new PlayedAttempt(host.Runner, new PlayedJob { Id = 4711 }, Stream.Null);
        using var log = new WrittenLog();
        var environment = new Dictionary<string, string>(host.Runner.Environment)
        {
            ["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location,
            [StartupHook.Variable] = crash,
            ["TMPDIR"] = attempt.Directory,
            ["JOB_RESPONSE_FILE"] = attempt.ResponseFile,
        };
        foreach (var (name, value) in variables)
            environment[name] = value;
        var call = new DriverCall(WithHooks(host), log);
        var result = await call.Run(
            command.Split(' '),
            environment,
            host.Directory,
            keepStdout: true,
            TestContext.Current.CancellationToken
        );
        return (result.Exit.Code ?? -1, log.Text);
    }

    /// <summary>The driver that was built with the tests, with the runtime's startup hooks, which a program made for
    /// NativeAOT switches off.</summary>
    private static PlayedRunner WithHooks(RunnerHost host)
    {
        var configuration = Path.Combine(host.Directory, "runtimeconfig.json");
        var own = JsonNode.Parse(File.ReadAllText(RunnerHost.BuiltDriver + ".runtimeconfig.json"))!;
        own["runtimeOptions"]!["configProperties"]!["System.StartupHookProvider.IsSupported"] = true;
        File.WriteAllText(configuration, own.ToJsonString());
        string[] arguments =
        [
            "exec",
            "--runtimeconfig",
            configuration,
            RunnerHost.BuiltDriver + ".dll",
            .. host.Runner.Arguments,
        ];
        return host.Runner with { Driver = "dotnet", Arguments = arguments };
    }

    [GeneratedRegex(
        @"^ERROR: Internal error \(reference ([a-z2-9]{8})\): the driver failed, not the job\. Please report it with this reference\. "
    )]
    private static partial Regex Sentence();
}
