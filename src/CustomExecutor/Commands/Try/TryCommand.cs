using System.CommandLine;
using CustomExecutor.Core;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Settings;
using CustomExecutor.Host.Files;

namespace CustomExecutor.Commands.Try;

/// <summary>
/// try: simulates GitLab Runner for one job, with this program as its driver, and checks that nothing is left.
/// </summary>
internal static class TryCommand
{
    /// <summary>The subcommand.</summary>
    /// <param name="environment">
    /// This process's environment, also used as that of the simulated runner's service.
    /// </param>
    /// <param name="settings">The option that names the settings file.</param>
    /// <param name="time">The clock.</param>
    public static Command Create(RunnerEnvironment environment, Option<string?> settings, TimeProvider time)
    {
        var script = new Option<string>("--script")
        {
            Description = "The job's script: bash, as in .gitlab-ci.yml",
            HelpName = "FILE",
            Required = true,
        };
        var directory = new Option<string?>("--dir")
        {
            Description = "The job's sources, copied to its project directory",
            HelpName = "DIR",
        };
        var variables = new Option<string[]>("--variable", "-v")
        {
            Description = "A job variable; KEY alone takes the value from the environment (for secrets)",
            HelpName = "KEY[=VALUE]",
        };
        var image = new Option<string?>("--image")
        {
            Description = "The job's image:, where scripts run in the job's pod (scripts.runIn)",
            HelpName = "IMAGE",
        };
        var services = new Option<string[]>("--service")
        {
            Description = "One of the job's services:, with its alias if it has one",
            HelpName = "IMAGE[=ALIAS]",
        };
        var command = new Command(
            "try",
            "Run one job without GitLab: simulates GitLab Runner, to test before you register one"
        )
        {
            script,
            directory,
            variables,
            image,
            services,
        };
        command.SetAction(parsed =>
        {
            var file = parsed.GetValue(settings);
            var mistakes = new List<string>();
            var request = new TryRequest
            {
                Settings = AdminFile.Load(file, environment.Variables),
                SettingsArguments = file is null ? [] : ["--settings", Path.GetFullPath(file)],
                Script = AdminFile.Text(parsed.GetRequiredValue(script), "--script"),
                Sources = Sources(parsed.GetValue(directory), mistakes),
                Variables = [.. (parsed.GetValue(variables) ?? []).Select(v => Variable(v, environment, mistakes))],
                Environment = environment,
                Image = parsed.GetValue(image),
                Services = [.. (parsed.GetValue(services) ?? []).Select(Service)],
            };
            return mistakes.Count == 0
                ? new TrySession(request, time).Run()
                : throw new DriverException(string.Join('\n', mistakes));
        });
        return command;
    }

    private static JobImage Service(string text) =>
        text.Split('=', 2) is [var name, var alias] ? new JobImage(name, alias) : new JobImage(text);

    private static string? Sources(string? directory, List<string> mistakes)
    {
        if (directory is null)
            return null;
        if (!Directory.Exists(directory))
            mistakes.Add($"--dir: there is no directory {DisplayText.Of(directory)}.");
        return Path.GetFullPath(directory);
    }

    private static KeyValuePair<string, string> Variable(
        string text,
        RunnerEnvironment environment,
        List<string> mistakes
    )
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var key = equals < 0 ? text : text[..equals];
        // Like GitLab: other names are not valid shell variables.
        if (key.Length == 0 || char.IsAsciiDigit(key[0]) || !key.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            mistakes.Add(
                $"--variable: '{DisplayText.Of(key)}' is not a valid variable name (letters, digits and _, and not "
                    + "a digit first)."
            );
        }

        if (equals >= 0)
            return new(key, text[(equals + 1)..]);
        if (!environment.Variables.TryGetValue(key, out var value))
        {
            mistakes.Add(
                $"--variable {DisplayText.Of(key)}: the environment has no such variable. Set it there, or use "
                    + "KEY=VALUE."
            );
        }
        return new(key, value ?? "");
    }
}

/// <summary>The arguments of <c>try</c>.</summary>
internal sealed record TryRequest
{
    public required DriverSettings Settings { get; init; }

    /// <summary>The arguments that give the driver the same settings.</summary>
    public required IReadOnlyList<string> SettingsArguments { get; init; }

    /// <summary>The script's text.</summary>
    public required string Script { get; init; }

    /// <summary>The directory of the sources, absolute; null for none.</summary>
    public required string? Sources { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> Variables { get; init; }

    public required RunnerEnvironment Environment { get; init; }

    /// <summary>The job's image; null for none.</summary>
    public string? Image { get; init; }

    public IReadOnlyList<JobImage> Services { get; init; } = [];
}
