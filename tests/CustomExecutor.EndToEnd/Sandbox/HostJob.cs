using System.Text;
using CustomExecutor.Commands.Try;
using CustomExecutor.Core.Runner;

namespace CustomExecutor.EndToEnd.Sandbox;

/// <summary>One job on such a host, from config to cleanup. The runner is played by root here, so what it makes is
/// handed over to the service's user.</summary>
internal sealed class HostJob : IDisposable
{
    private readonly PlayedJob _job;
    private readonly MemoryStream _log = new();

    public HostJob(ServiceHost host, PlayedJob job)
    {
        _job = job;
        Attempt = new PlayedAttempt(host.Runner, job, _log);
        ServiceUser.Own(Attempt.Directory);
    }

    public long Id => _job.Id;

    public PlayedAttempt Attempt { get; }

    /// <summary>The attempt's files, as the driver lays them out.</summary>
    public AttemptPaths Paths => new(Attempt.Directory);

    public string ProjectDirectory => Attempt.ProjectDirectory;

    /// <summary>Job variables that become known only after the job was made; they reach its scripts alone.</summary>
    public Dictionary<string, string> Known { get; } = [];

    /// <summary>The job log.</summary>
    public string Log => Encoding.UTF8.GetString(_log.ToArray());

    /// <summary>config, prepare and the script that makes the project's directory.</summary>
    public async Task Prepare()
    {
        (await Attempt.Config(TestContext.Current.CancellationToken)).Outcome.Should().Be(RunnerOutcome.Success, Log);
        (await Attempt.Prepare(TestContext.Current.CancellationToken)).Outcome.Should().Be(RunnerOutcome.Success, Log);
        var (verdict, log) = await RunIn(null, $"mkdir -p {ScriptFile.Quote(ProjectDirectory)}");
        verdict.Outcome.Should().Be(RunnerOutcome.Success, log);
    }

    /// <summary>run, in the project's directory.</summary>
    /// <returns>How it ended, and what it added to the job log.</returns>
    public Task<(RunnerResult Verdict, string Log)> Run(string commands, string stage = "build_script") =>
        RunIn(ProjectDirectory, commands, stage);

    /// <summary>run, of what has to succeed.</summary>
    /// <returns>What it added to the job log.</returns>
    public async Task<string> Do(string commands, string stage = "build_script")
    {
        var (verdict, log) = await Run(commands, stage);
        verdict.Outcome.Should().Be(RunnerOutcome.Success, log);
        return log;
    }

    /// <summary>cleanup, and the end of the attempt's directory, which is the runner's part.</summary>
    public async Task Cleanup()
    {
        (await Attempt.Cleanup()).Outcome.Should().Be(RunnerOutcome.Success, Log);
        Attempt.Dispose();
    }

    public void Dispose()
    {
        Attempt.Dispose();
        _log.Dispose();
    }

    private async Task<(RunnerResult Verdict, string Log)> RunIn(
        string? directory,
        string commands,
        string stage = "build_script"
    )
    {
        var variables = new Dictionary<string, string>(_job.AllVariables(Attempt.BuildsDirectory));
        foreach (var (name, value) in Known)
            variables[name] = value;
        var script = Directory
            .CreateDirectory(Path.Join(Attempt.Directory, $"script{Path.GetRandomFileName()}"))
            .FullName;
        var file = Path.Join(script, "script");
        File.WriteAllText(file, ScriptFile.Text(variables, directory, commands));
        ServiceUser.Own(script);
        var before = _log.Length;
        var verdict = await Attempt.RunFile(file, stage, TestContext.Current.CancellationToken);
        return (verdict, Encoding.UTF8.GetString(_log.ToArray().AsSpan((int)before)));
    }
}
