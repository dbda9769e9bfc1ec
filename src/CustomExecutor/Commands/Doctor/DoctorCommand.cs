using System.CommandLine;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Settings;
using CustomExecutor.Host.Files;
using CustomExecutor.Host.Sandbox;

namespace CustomExecutor.Commands.Doctor;

/// <summary>doctor: checks this host as the runner's user and reports problems.</summary>
internal static class DoctorCommand
{
    /// <summary>The subcommand.</summary>
    /// <param name="environment">This process's environment, which should be the runner service's.</param>
    /// <param name="settings">The option that names the settings file.</param>
    public static Command Create(RunnerEnvironment environment, Option<string?> settings)
    {
        var command = new Command(
            "doctor",
            "Check how well this host confines job scripts (run it as the runner's user)"
        );
        command.SetAction(parsed =>
        {
            var option = parsed.GetValue(settings);
            var file = AdminFile.Find(option, environment.Variables) is var (path, _) ? Path.GetFullPath(path) : null;
            return Run(environment, AdminFile.Load(option, environment.Variables), file);
        });
        return command;
    }

    /// <summary>Prints the table.</summary>
    /// <returns>0 if there are no problems, otherwise 1.</returns>
    private static int Run(RunnerEnvironment environment, DriverSettings settings, string? file)
    {
        if (settings.Scripts.RunIn == ScriptPlace.Pod)
        {
            Console.Out.WriteLine(
                $"Scripts run in each job's own pod (scripts.runIn is \"pod\", settings {file ?? "built in"}): "
                    + "they access nothing on this host.\nTo check the cluster, run custom-executor try."
            );
            return 0;
        }

        IReadOnlyList<Finding> findings =
        [
            .. new SandboxCheckup(environment, settings, file).Run(),
            EngineFinding.Of(environment, settings),
        ];
        var (abi, _) = Landlock.Version();
        var from = file ?? "built in";
        var kernel = Environment.OSVersion.Version;
        var bad = findings.Count(f => f.Health == Health.Bad);
        Console.Out.Write(
            $"""
            Scripts of user {FileMetadata.OwnUser} on this host (Linux {kernel}, Landlock ABI {abi}, settings {from})

            {Finding.Table(findings)}
            {(
                bad == 0 ? "Scripts can access only their own job. Lines above without a mark are for information."
                : bad == 1 ? "1 problem found (!)."
                : $"{bad} problems found (!)."
            )}

            """
        );
        return bad == 0 ? 0 : 1;
    }
}
