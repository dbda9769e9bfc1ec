using CustomExecutor.Attempt;
using CustomExecutor.Core.Runner;
using CustomExecutor.Host.Logging;
using CustomExecutor.Stages;

namespace CustomExecutor;

/// <summary>Runs the stages that the runner calls.</summary>
internal static class StageCalls
{
    /// <summary>Runs one stage.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="Core.DriverException">Its input is missing or wrong.</exception>
    public static Task<int> Run(StageCall call, RunnerEnvironment runner, TimeProvider time) =>
        call switch
        {
            { Stage: "config" } => Execute(
                call,
                runner,
                graceAfterTermination: null,
                time,
                (input, _, _) => Task.FromResult(ConfigStage.Run(input))
            ),
            { Stage: "prepare" } => Execute(
                call,
                runner,
                TimeSpan.Zero,
                time,
                (input, log, cancel) => new PrepareStage(input, log, time).Run(cancel)
            ),
            { Stage: "run", Script: { } script, ScriptStage: { } name } => Execute(
                call,
                runner,
                TimeSpan.Zero,
                time,
                (input, log, cancel) =>
                {
                    log.With("ScriptStage", name);
                    return new RunStage(input, log, time).Run(script, name, cancel);
                }
            ),
            { Stage: "cleanup" } => CleanUp(call, runner, time),
            _ => throw new ArgumentException($"There is no stage {call.Stage} with these arguments.", nameof(call)),
        };

    private static Task<int> Execute(
        StageCall call,
        RunnerEnvironment runner,
        TimeSpan? graceAfterTermination,
        TimeProvider time,
        Func<StageInput, StageLog, CancellationToken, Task<int>> run
    )
    {
        var input = StageInput.Read(runner, call.Settings);
        return StageExecution.Run(
            call.Stage,
            runner,
            input.Job,
            input.Settings.Log,
            graceAfterTermination,
            time,
            (log, cancel) => run(input, log, cancel)
        );
    }

    private static Task<int> CleanUp(StageCall call, RunnerEnvironment runner, TimeProvider time)
    {
        var input = CleanupInput.Read(runner, call.Settings);
        return StageExecution.Run(
            call.Stage,
            runner,
            input.Job,
            input.Log,
            CleanupStage.GraceAfterTermination,
            time,
            (log, cancel) => new CleanupStage(input, log, time).Run(cancel)
        );
    }
}
