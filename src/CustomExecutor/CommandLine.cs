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
            "The settings file (default: $CUSTOM_EXECUTOR_SETTINGS, otherwise /etc/custom-executor/settings.json, otherwise built-in defaults)",
        HelpName = "FILE",
        Recursive = true,
    };

    /// <summary>Parses the arguments and runs the command.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="DriverException">The arguments are not valid, or the command failed.</exception>
    public static Task<int> Run(string[] args, RunnerEnvironment runner)
    {
        // No response files: a script must never be read as a file of arguments.
        var parsed = Create(runner).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
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

    private static RootCommand Create(RunnerEnvironment runner)
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
                "Print the job's configuration for the runner",
                runner,
                (input, _, _) => Task.FromResult(ConfigStage.Run(input))
            ),
            Stage(
                "prepare",
                "Create the job's builder",
                runner,
                (input, log, cancel) => new PrepareStage(input, log).Run(cancel)
            ),
            RunCommand(runner, script, stage),
            Stage(
                "cleanup",
                "Delete the job's builder and files",
                runner,
                (input, log, cancel) => new CleanupStage(input, log).Run(cancel),
                CleanupStage.GraceAfterTermination
            ),
            TryCommand.Create(runner, Settings),
            GcCommand.Create(runner, Settings),
            DoctorCommand.Create(runner, Settings),
        };
    }

    private static Command RunCommand(RunnerEnvironment runner, Argument<string> script, Argument<string> stage)
    {
        var command = new Command("run", "Run one of the job's scripts") { script, stage };
        command.SetAction(parsed =>
            Execute(
                "run",
                runner,
                parsed.GetValue(Settings),
                (input, log, cancel) =>
                {
                    log.With("ScriptStage", parsed.GetRequiredValue(stage));
                    return new RunStage(input, log).Run(
                        parsed.GetRequiredValue(script),
                        parsed.GetRequiredValue(stage),
                        cancel
                    );
                }
            )
        );
        return command;
    }

    private static Command Stage(
        string name,
        string description,
        RunnerEnvironment runner,
        Func<StageInput, StageLog, CancellationToken, Task<int>> run,
        TimeSpan graceAfterTermination = default
    )
    {
        var command = new Command(name, description);
        command.SetAction(parsed => Execute(name, runner, parsed.GetValue(Settings), run, graceAfterTermination));
        return command;
    }

    private static Task<int> Execute(
        string name,
        RunnerEnvironment runner,
        string? settings,
        Func<StageInput, StageLog, CancellationToken, Task<int>> run,
        TimeSpan graceAfterTermination = default
    ) =>
        StageExecution.Run(
            name,
            name == "cleanup" ? StageInput.ReadForCleanup(runner, settings) : StageInput.Read(runner, settings),
            graceAfterTermination,
            run
        );
}
