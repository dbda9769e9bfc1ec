using System.CommandLine;
using CustomExecutor.Attempt;
using CustomExecutor.Commands.Doctor;
using CustomExecutor.Commands.Gc;
using CustomExecutor.Commands.Try;
using CustomExecutor.Core;
using CustomExecutor.Core.Runner;
using CustomExecutor.Host.Files;
using CustomExecutor.Host.Logging;
using CustomExecutor.Stages;

namespace CustomExecutor;

/// <summary>The program's subcommands and options.</summary>
internal static class CommandLine
{
    private static readonly Option<string?> Settings = new("--settings")
    {
        Description =
            "The settings file (default: $CUSTOM_EXECUTOR_SETTINGS, otherwise /etc/custom-executor/settings.json, "
            + "otherwise built-in defaults)",
        HelpName = "FILE",
        Recursive = true,
    };

    /// <summary>Parses the arguments and runs the command.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="DriverException">The arguments are not understood, or the stage failed.</exception>
    public static Task<int> Run(string[] args, RunnerEnvironment runner, TimeProvider time)
    {
        // No response files: a script's path is never to be read for arguments.
        var parsed = Create(runner, time).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            throw new DriverException(
                string.Join('\n', parsed.Errors.Select(e => DisplayText.Of(e.Message))) + "\nSee custom-executor --help"
            );
        }
        // This class handles exceptions, and the stages handle signals.
        var configuration = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        return CommandBoundary.RunUnlogged(
            parsed.CommandResult.Command.Name,
            () => AdminFile.Load(parsed.GetValue(Settings), runner.Variables).Log,
            runner,
            () => parsed.InvokeAsync(configuration)
        );
    }

    private static RootCommand Create(RunnerEnvironment runner, TimeProvider time)
    {
        var script = new Argument<string>("SCRIPT") { Description = "The script file that the runner wrote" };
        var stage = new Argument<string>("STAGE")
        {
            Description = "The script stage, like get_sources or build_script",
        };
        return new RootCommand(
            "A driver for GitLab Runner's custom executor that gives each job its own rootless BuildKit pod."
        )
        {
            Settings,
            Stage(
                "config",
                "Tell the runner how to run the job",
                settings =>
                    Execute("config", runner, time, settings, (input, _, _) => Task.FromResult(ConfigStage.Run(input)))
            ),
            Stage(
                "prepare",
                "Create the job's builder",
                settings =>
                    Execute(
                        "prepare",
                        runner,
                        time,
                        settings,
                        (input, log, cancel) => new PrepareStage(input, log, time).Run(cancel)
                    )
            ),
            RunCommand(runner, time, script, stage),
            Stage("cleanup", "Delete the job's builder and files", settings => CleanUp(runner, time, settings)),
            TryCommand.Create(runner, Settings, time),
            GcCommand.Create(runner, Settings, time),
            DoctorCommand.Create(runner, Settings),
        };
    }

    private static Command RunCommand(
        RunnerEnvironment runner,
        TimeProvider time,
        Argument<string> script,
        Argument<string> stage
    )
    {
        var command = new Command("run", "Run one of the job's scripts") { script, stage };
        command.SetAction(parsed =>
            Execute(
                "run",
                runner,
                time,
                parsed.GetValue(Settings),
                (input, log, cancel) =>
                {
                    log.With("ScriptStage", parsed.GetRequiredValue(stage));
                    return new RunStage(input, log, time).Run(
                        parsed.GetRequiredValue(script),
                        parsed.GetRequiredValue(stage),
                        cancel
                    );
                }
            )
        );
        return command;
    }

    private static Command Stage(string name, string description, Func<string?, Task<int>> run)
    {
        var command = new Command(name, description);
        command.SetAction(parsed => run(parsed.GetValue(Settings)));
        return command;
    }

    private static Task<int> Execute(
        string name,
        RunnerEnvironment runner,
        TimeProvider time,
        string? settings,
        Func<StageInput, StageLog, CancellationToken, Task<int>> run
    )
    {
        var input = StageInput.Read(runner, settings);
        return StageExecution.Run(
            name,
            runner,
            input.Job,
            input.Settings.Log,
            TimeSpan.Zero,
            time,
            (log, cancel) => run(input, log, cancel)
        );
    }

    private static Task<int> CleanUp(RunnerEnvironment runner, TimeProvider time, string? settings)
    {
        var input = CleanupInput.Read(runner, settings);
        return StageExecution.Run(
            "cleanup",
            runner,
            input.Job,
            input.Log,
            CleanupStage.GraceAfterTermination,
            time,
            (log, cancel) => new CleanupStage(input, log, time).Run(cancel)
        );
    }
}
