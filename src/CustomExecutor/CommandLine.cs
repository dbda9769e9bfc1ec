using System.CommandLine;
using CustomExecutor.Commands.Doctor;
using CustomExecutor.Commands.Gc;
using CustomExecutor.Commands.Try;
using CustomExecutor.Core;
using CustomExecutor.Core.Runner;
using CustomExecutor.Host.Files;

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
        if (StageCall.Of(args) is { } call)
            return Run(call.Stage, call.Settings, runner, () => StageCalls.Run(call, runner, time));

        var parsed = Parse(args, runner, time, stage => StageCalls.Run(stage, runner, time));
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
        return Run(
            parsed.CommandResult.Command.Name,
            parsed.GetValue(Settings),
            runner,
            () => parsed.InvokeAsync(configuration)
        );
    }

    /// <summary>Parses any arguments.</summary>
    /// <param name="args">The program's arguments.</param>
    /// <param name="runner">This process's environment.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stage">Runs a stage.</param>
    public static ParseResult Parse(
        string[] args,
        RunnerEnvironment runner,
        TimeProvider time,
        Func<StageCall, Task<int>> stage
    )
    {
        var root = new RootCommand(
            "A driver for GitLab Runner's custom executor that gives each job its own rootless BuildKit pod."
        )
        {
            Settings,
            Stage("config", "Tell the runner how to run the job", stage),
            Stage("prepare", "Create the job's builder", stage),
            RunCommand(stage),
            Stage("cleanup", "Delete the job's builder and files", stage),
            TryCommand.Create(runner, Settings, time),
            GcCommand.Create(runner, Settings, time),
            DoctorCommand.Create(runner, Settings),
        };
        // No response files: a script's path is never to be read for arguments.
        return root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
    }

    private static Task<int> Run(string name, string? settings, RunnerEnvironment runner, Func<Task<int>> command) =>
        CommandBoundary.RunUnlogged(name, () => AdminFile.Load(settings, runner.Variables).Log, runner, command);

    private static Command RunCommand(Func<StageCall, Task<int>> stage)
    {
        var script = new Argument<string>("SCRIPT") { Description = "The script file that the runner wrote" };
        var name = new Argument<string>("STAGE") { Description = "The script stage, like get_sources or build_script" };
        var command = new Command("run", "Run one of the job's scripts") { script, name };
        command.SetAction(parsed =>
            stage(
                new StageCall("run", parsed.GetValue(Settings))
                {
                    Script = parsed.GetRequiredValue(script),
                    ScriptStage = parsed.GetRequiredValue(name),
                }
            )
        );
        return command;
    }

    private static Command Stage(string name, string description, Func<StageCall, Task<int>> stage)
    {
        var command = new Command(name, description);
        command.SetAction(parsed => stage(new StageCall(name, parsed.GetValue(Settings))));
        return command;
    }
}
