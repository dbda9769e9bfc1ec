using System.Diagnostics;
using System.Globalization;
using System.Net;
using CliWrap;
using CliWrap.Buffered;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Docker;
using CustomExecutor.Core.Runner;

namespace CustomExecutor.Tests.Docker;

/// <summary>How the <c>docker</c> in front of a script's <c>PATH</c> starts the job's Engine API on the host. A shell
/// script stands for the program.</summary>
public sealed class EngineOnHostSpecs : IDisposable
{
    /// <summary>What the wrapper takes for a program that serves; it notes each start.</summary>
    private const string Serve = """
        echo $$ >>STARTS
        read -r stat </proc/$$/stat
        set -- ${stat##*) }
        echo "$$ ${20}" >PID_FILE.new && mv PID_FILE.new PID_FILE
        exec sleep 600
        """;

    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task It_is_started_once_and_again_after_it_was_killed()
    {
        var engine = Engine(Serve);

        await Run(engine);
        await Run(engine);
        var first = Serving();
        await Kill(first);
        await Run(engine);
        var second = Serving();
        await Kill(second);

        (await File.ReadAllLinesAsync(Starts, TestContext.Current.CancellationToken))
            .Should()
            .Equal($"{first}", $"{second}");
    }

    [Fact]
    public async Task Another_process_that_has_got_its_id_is_not_taken_for_it()
    {
        var engine = Engine(Serve);
        _directory.Write("a/job/engine/pid", $"{Environment.ProcessId} 1\n");

        await Run(engine);
        await Kill(Serving());

        (await File.ReadAllLinesAsync(Starts, TestContext.Current.CancellationToken)).Should().ContainSingle();
    }

    [Fact]
    public async Task It_holds_no_pipe_of_the_script_open()
    {
        var wrapper = Wrapper(Engine(Serve));

        // The substitution ends when nobody has the pipe open any more, by whatever number.
        var result = await Cli.Wrap("bash")
            .WithArguments(["-c", $"echo \"<$({wrapper} ps 3>&1 11>&1)>\""])
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
        await Kill(Serving());

        result.StandardOutput.Should().Be("<docker ps>\n");
    }

    [Fact]
    public async Task One_that_does_not_start_is_told_and_docker_runs_nevertheless()
    {
        var errors = await Run(Engine("echo \"12:00 can't start: no room\" >&2; exit 1"));

        errors.Should().Be("The job's Docker Engine API has not started: 12:00 can't start: no room\n");
    }

    [Fact]
    public async Task Variables_that_an_author_exports_reach_docker_unchanged()
    {
        // docker build --build-arg version takes the value from the environment.
        string[] names = ["docker", "version", "word", "previous", "looked", "minor", "major", "file", "id", "start"];
        var docker = _directory.WriteExecutable(
            "docker-that-shows",
            $"#!/bin/sh\necho {string.Join(' ', names.Select(name => "$" + name))}\n"
        );

        var result = await Cli.Wrap(Wrapper(Engine("exit 1"), docker))
            .WithEnvironmentVariables(names.ToDictionary(name => name, string? (_) => "kept"))
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);

        result.StandardOutput.Should().Be(string.Join(' ', names.Select(_ => "kept")) + "\n");
    }

    public void Dispose() => _directory.Dispose();

    private string Starts => Path.Join(_directory.Path, "starts");

    private string PidFile => Path.Join(_directory.Path, "a/job/engine/pid");

    private int Serving() => int.Parse(File.ReadAllText(PidFile).Split(' ')[0], CultureInfo.InvariantCulture);

    /// <summary>As for a job on the host, with a program of the spec's own.</summary>
    private EngineClient Engine(string program)
    {
        var paths = new AttemptPaths(Path.Join(_directory.Path, "a"));
        Directory.CreateDirectory(paths.Engine);
        Directory.CreateDirectory(paths.BuildxConfig);
        var text = program
            .Replace("STARTS", Starts, StringComparison.Ordinal)
            .Replace("PID_FILE", PidFile, StringComparison.Ordinal);
        return new EngineOnHost(
            _directory.WriteExecutable("it's an engine", $"#!/bin/bash\n{text}\n"),
            paths,
            1 << 20
        ).Client(new BuilderEndpoint(IPAddress.Loopback, "b"), "b");
    }

    private string Wrapper(EngineClient engine, string? docker = null) =>
        _directory.WriteExecutable(
            "wrapper",
            new DockerWrapper([], engine).OnHost(
                docker ?? _directory.WriteExecutable("docker", "#!/bin/sh\necho \"docker $*\"\n")
            )
        );

    /// <returns>What it wrote to the standard error.</returns>
    private async Task<string> Run(EngineClient engine)
    {
        var result = await Cli.Wrap(Wrapper(engine))
            .WithArguments(["ps"])
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
        result.StandardOutput.Should().Be("docker ps\n");
        return result.StandardError;
    }

    private static async Task Kill(int id)
    {
        using (var process = Process.GetProcessById(id))
            process.Kill();
        await Eventually.True(
            () => !File.Exists($"/proc/{id}/stat") || File.ReadAllText($"/proc/{id}/stat").Contains(") Z "),
            "it has ended"
        );
    }
}
