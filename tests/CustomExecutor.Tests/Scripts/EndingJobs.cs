using CustomExecutor.Commands.Try;
using CustomExecutor.Testing.Jobs;
using CustomExecutor.Testing.Preload;

namespace CustomExecutor.Tests.Scripts;

/// <summary>How scripts are confined on a host.</summary>
public enum Confinement
{
    /// <summary>In full.</summary>
    Full,

    /// <summary>By a kernel that does not scope signals (before Linux 6.12).</summary>
    WithoutSignals,

    /// <summary>Not at all: <c>scriptSandbox.mode</c> is <c>never</c>.</summary>
    None,
}

/// <summary>A ready job on a host of each kind.</summary>
public sealed class EndingJobs : IAsyncLifetime
{
    private readonly OlderKernel _older = new();
    private readonly Dictionary<Confinement, (Bench Bench, JobAttempt Attempt)> _jobs = [];

    public CompiledPrograms Programs { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await _older.InitializeAsync();
        await Programs.InitializeAsync();
        foreach (var confinement in Enum.GetValues<Confinement>())
        {
            var bench = await Bench.Create(settings =>
                settings["scriptSandbox"]!["mode"] = confinement == Confinement.None ? "never" : "auto"
            );
            File.Copy(Programs.Comet, Path.Combine(bench.Host.OpenDirectory, "comet"));
            _jobs[confinement] = (bench, new JobAttempt(Runner(bench.Host, confinement), new PlayedJob { Id = 4711 }));
            await _jobs[confinement].Attempt.BecomeReady();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (bench, attempt) in _jobs.Values)
        {
            attempt.Dispose();
            await bench.DisposeAsync();
        }

        await Programs.DisposeAsync();
        await _older.DisposeAsync();
    }

    internal JobAttempt Attempt(Confinement confinement) => _jobs[confinement].Attempt;

    /// <summary>Where the scripts of these specs run: the comet is there, and tests can look into it.</summary>
    internal string Directory(Confinement confinement) => _jobs[confinement].Bench.Host.OpenDirectory;

    /// <summary>A job whose driver finds a library preloaded.</summary>
    internal async Task<JobAttempt> WithPreloaded(Confinement confinement, string library, long id)
    {
        var runner = Runner(_jobs[confinement].Bench.Host, confinement);
        var attempt = new JobAttempt(
            runner with
            {
                Driver = Programs.Directory.WriteExecutable(
                    $"driver-{id}",
                    $"#!/bin/bash\nexport LD_PRELOAD={library}\nexec {runner.Driver} \"$@\"\n"
                ),
            },
            new PlayedJob { Id = id }
        );
        await attempt.BecomeReady();
        return attempt;
    }

    private PlayedRunner Runner(RunnerHost host, Confinement confinement) =>
        confinement == Confinement.WithoutSignals ? _older.Runner(host, 5) : host.Runner;
}
