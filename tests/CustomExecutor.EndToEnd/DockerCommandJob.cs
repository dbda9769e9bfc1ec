using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CustomExecutor.Commands.Try;

namespace CustomExecutor.EndToEnd;

/// <summary>One job without a Docker Engine API that runs every row of <see cref="DockerCommandSpecs"/>, each in a
/// directory of its own.</summary>
public sealed class DockerCommandJob : IAsyncLifetime
{
    /// <summary>What each row finds: a Dockerfile, and a name for its image.</summary>
    internal const string Prepare = """
        printf 'FROM %s\nRUN echo built > /built\n' "$BASE_IMAGE" > Dockerfile
        export IMAGE=$CI_REGISTRY_IMAGE:row

        """;

    private string _log = "";

    public async ValueTask InitializeAsync()
    {
        var script = new StringBuilder();
        foreach (var row in DockerCommandSpecs.Rows)
        {
            var name = Name(row.Data.Item2);
            script.Append(CultureInfo.InvariantCulture, $"mkdir {name} && cd {name} && echo begin {name}\n");
            script.Append(
                CultureInfo.InvariantCulture,
                $"code=0; bash -ec {ScriptFile.Quote(Prepare + row.Data.Item2)} 2>&1 || code=$?\n"
            );
            script.Append(CultureInfo.InvariantCulture, $"echo end {name} $code; cd ..\n");
        }

        using var files = new TemporaryDirectory();
        var settings = JsonNode.Parse(await File.ReadAllTextAsync(Node.AdminFile))!;
        settings["docker"]!["engineApi"] = false;
        using var job = new JobOnNode { Settings = files.Write("settings.json", settings.ToJsonString()) };
        (var verdict, _log) = await job.Run(script.ToString());
        verdict.Outcome.Should().Be(RunnerOutcome.Success, _log);
    }

    /// <summary>The command's exit code, and what it printed.</summary>
    public (int ExitCode, string Output) ResultOf(string command)
    {
        var name = Name(command);
        var found = Regex.Match(_log, $"begin {name}\r?\n(.*?)end {name} ([0-9]+)", RegexOptions.Singleline);
        found.Success.Should().BeTrue(_log);
        return (int.Parse(found.Groups[2].Value, CultureInfo.InvariantCulture), found.Groups[1].Value);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string Name(string command) =>
        "row"
        + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(command)))[..8];
}
