using System.Globalization;
using CustomExecutor.Commands.Try;

namespace CustomExecutor.Testing.Preload;

/// <summary>
/// Drivers that die by SIGKILL at a certain call: right after the n-th that changes a file or a directory or sends
/// something to the API server. A small library that is preloaded counts them (killpoint.c), so every point is met and
/// none is left to chance.
/// </summary>
public sealed class KillPoints : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private int _drivers;

    private string Library => Path.Combine(_directory.Path, "killpoint.so");

    public async ValueTask InitializeAsync() => await PreloadedLibrary.Make("killpoint.c", Library);

    /// <summary>How many points a stage has that goes well.</summary>
    /// <param name="runner">The runner that plays it.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="play">Plays it with a runner whose driver counts.</param>
    internal async Task<int> Count(PlayedRunner runner, string stage, Func<PlayedRunner, Task> play)
    {
        var file = Path.Combine(_directory.Path, $"{stage}.count");
        await play(runner with { Driver = Driver(runner.Driver, stage, $"KILL_COUNT={file}") });
        return int.Parse(
            await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken),
            CultureInfo.InvariantCulture
        );
    }

    /// <summary>A runner whose driver dies in one stage, at one point.</summary>
    internal PlayedRunner Runner(PlayedRunner runner, string stage, int point) =>
        runner with
        {
            Driver = Driver(runner.Driver, stage, $"KILL_AT={point}"),
        };

    /// <summary>A driver that is watched in one stage. Each is in a file of its own: jobs that die at one point at one
    /// time would overwrite each other's.</summary>
    /// <param name="driver">The driver.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="variables">What killpoint.c reads: assignments of bash's.</param>
    internal string Driver(string driver, string stage, string variables) =>
        _directory.WriteExecutable(
            $"{stage}-{Interlocked.Increment(ref _drivers)}",
            $"""
            #!/bin/bash
            case " $* " in *" {stage} "*) export LD_PRELOAD={Library} {variables} ;; esac
            exec {driver} "$@"

            """
        );

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }
}
