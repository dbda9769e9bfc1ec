using CustomExecutor.Attempt;
using CustomExecutor.Commands.Try;
using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Runner;

namespace CustomExecutor.Testing.Jobs;

/// <summary>One attempt at a job, with its job log.</summary>
internal sealed class JobAttempt : IDisposable
{
    private bool _disposed;

    public JobAttempt(PlayedRunner runner, PlayedJob job) => (Job, Stages) = (job, new PlayedAttempt(runner, job, Log));

    public PlayedJob Job { get; }

    /// <summary>The runner's calls of the driver.</summary>
    public PlayedAttempt Stages { get; }

    /// <summary>What the job log shows of the driver.</summary>
    public WrittenLog Log { get; } = new();

    public AttemptPaths Paths => new(Stages.Directory);

    public AttemptRecord State => StateFile.Parse(File.ReadAllText(Paths.StateFile), Paths, Job.Id);

    /// <summary>The attempt's workspace; config has told it.</summary>
    public string Workspace => Path.GetDirectoryName(Stages.BuildsDirectory)!;

    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    public async Task Config() => (await Stages.Config(TestEnds)).Outcome.Should().Be(RunnerOutcome.Success, Log.Text);

    /// <summary>config and prepare, which go well.</summary>
    public async Task BecomeReady()
    {
        await Config();
        (await Stages.Prepare(TestEnds)).Outcome.Should().Be(RunnerOutcome.Success, Log.Text);
    }

    /// <summary>config and prepare, whatever comes of it.</summary>
    public async Task<RunnerResult> TryToBecomeReady()
    {
        await Config();
        return await Stages.Prepare(TestEnds);
    }

    public async Task CleanUp() => (await Stages.Cleanup()).Outcome.Should().Be(RunnerOutcome.Success, Log.Text);

    /// <summary>Runs a script as the runner writes it.</summary>
    /// <returns>The runner's verdict, and what the job log got of it.</returns>
    public async Task<(RunnerResult Verdict, string Output)> Run(string commands, string stage = "build_script")
    {
        var before = Log.Text.Length;
        var verdict = await Stages.Run(stage, commands, inProject: false, TestEnds);
        return (verdict, Log.Text[before..]);
    }

    /// <summary>Runs a script file of the test's own.</summary>
    public async Task<(RunnerResult Verdict, string Output)> RunFile(string text, CancellationToken? cancel = null)
    {
        var file = Path.Combine(Stages.Directory, "script");
        await File.WriteAllTextAsync(file, text, TestEnds);
        var before = Log.Text.Length;
        var verdict = await Stages.RunFile(file, "build_script", cancel ?? TestEnds);
        return (verdict, Log.Text[before..]);
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Stages.Dispose();
    }
}
