using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CliWrap;
using CliWrap.Buffered;
using CustomExecutor.Testing.Jobs;

namespace CustomExecutor.Tests.Kubernetes.Kubeconfig;

/// <summary>What came of one call: whether it succeeded, and which servers and proxies were asked as whom.</summary>
internal sealed record Outcome(int ExitCode, SortedSet<string> Record, string Output)
{
    public bool IsAccepted => ExitCode == 0;
}

/// <summary>Asks kubectl and the driver the same and compares.</summary>
internal static partial class Oracle
{
    private static readonly TimeSpan GracePeriods = TimeSpan.FromSeconds(90);

    private static readonly Lazy<string> Kubectl = new(FindKubectl);
    private static readonly Lazy<Task<int>> Minor = new(FindMinor);

    /// <summary>Checks that a row is accepted or refused by both, by way of the same servers and proxies, as the same
    /// user.</summary>
    public static async Task Agree(Row row)
    {
        await using var lab = await Lab.Create(row);
        if (await Minor.Value >= row.Since)
        {
            var kubectl = await Ask(lab, row, "kubectl", Kubectl.Value, KubectlArguments(lab, row));
            kubectl
                .IsAccepted.Should()
                .Be(row.IsAccepted, $"the row says so of kubectl, which printed: {kubectl.Output}");
            var driver = await Ask(lab, row, "driver", RunnerHost.Driver, DriverArguments(lab, row));
            Judge(row, driver);
            if (row.Differs is null)
                driver.Record.Should().Equal(kubectl.Record, $"kubectl asked so; the driver printed: {driver.Output}");
        }
        else
        {
            Judge(row, await Ask(lab, row, "driver", RunnerHost.Driver, DriverArguments(lab, row)));
        }
    }

    private static void Judge(Row row, Outcome driver)
    {
        driver
            .IsAccepted.Should()
            .Be(
                row.IsAccepted == (row.Differs is null),
                $"{row.Differs ?? "kubectl does so"}; the driver printed: {driver.Output}"
            );
        driver
            .Output.Should()
            .NotContain("SECRET")
            .And.NotContain("PRIVATE KEY", "no secret is shown to anybody")
            .And.NotContain("   at ")
            .And.NotContain("Unhandled")
            .And.NotContain("Exception", "a message is a sentence");
        if (!driver.IsAccepted)
            driver.ExitCode.Should().Be(2, driver.Output);
        foreach (var words in row.Says)
            driver.Output.Should().Contain(words);
    }

    private static string[] KubectlArguments(Lab lab, Row row) =>
        [
            // --raw would leave out the path of the server's address.
            "api-versions",
            "--cache-dir",
            Path.Combine(lab.Directory, "cache"),
            .. row.IsNamed ? (string[])["--kubeconfig", lab.Kubeconfig] : [],
            .. row.Context is { } context ? (string[])["--context", context] : [],
        ];

    private static string[] DriverArguments(Lab lab, Row row)
    {
        var kubernetes = new JsonObject { ["namespace"] = "table" };
        if (row.IsNamed)
            kubernetes["kubeconfig"] = lab.Kubeconfig;
        if (row.Context is { } context)
            kubernetes["context"] = context;
        var settings = new JsonObject
        {
            ["kubernetes"] = kubernetes,
            ["scripts"] = new JsonObject { ["runIn"] = "host" },
            ["workspace"] = new JsonObject { ["root"] = Path.Combine(lab.Directory, "workspaces") },
        };
        var file = Path.Combine(lab.Directory, "settings.json");
        File.WriteAllText(file, settings.ToJsonString());
        // It lists the builders' pods, which is one call.
        return ["--settings", file, "gc", "--dry-run"];
    }

    private static async Task<Outcome> Ask(Lab lab, Row row, string asked, string program, string[] arguments)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(GracePeriods);
        lab.TakeRecord();
        var (wrapper, line) = Machine.Wrap(lab, row, [program, .. arguments]);
        var result = await Cli.Wrap(wrapper)
            .WithArguments(line)
            .WithValidation(CommandResultValidation.None)
            .WithWorkingDirectory(Path.Combine(lab.Directory, "home"))
            .WithEnvironmentVariables(Variables(lab, asked))
            .ExecuteBufferedAsync(patience.Token);
        return new Outcome(result.ExitCode, lab.TakeRecord(), result.StandardOutput + result.StandardError);
    }

    /// <summary>A fresh environment: null removes what the tests have.</summary>
    private static Dictionary<string, string?> Variables(Lab lab, string asked)
    {
        string[] kept = ["PATH", "DOTNET_ROOT"];
        var variables = Environment
            .GetEnvironmentVariables()
            .Keys.Cast<string>()
            .Where(name => !kept.Contains(name))
            .ToDictionary(name => name, _ => (string?)null);
        (variables["HOME"], variables["TMPDIR"], variables["ASKED"]) = (
            Path.Combine(lab.Directory, "home"),
            Path.Combine(lab.Directory, "home"),
            asked
        );
        foreach (var (name, value) in lab.Environment)
            variables[name] = value;
        return variables;
    }

    /// <summary>
    /// kubectl of PATH. Google's is a program that asks the server for its version and starts a real kubectl that lies
    /// beside it: of those, the newest.
    /// </summary>
    private static string FindKubectl()
    {
        var found =
            Environment
                .GetEnvironmentVariable("PATH")!
                .Split(':')
                .Select(d => Path.Combine(d, "kubectl"))
                .FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("kubectl is not installed: tests/cluster/up api installs it.");
        while (new FileInfo(found).LinkTarget is { } target)
            found = Path.GetFullPath(target, Path.GetDirectoryName(Path.GetFullPath(found))!);
        return Directory
                .GetFiles(Path.GetDirectoryName(found)!, "kubectl.1.*")
                .OrderByDescending(f => Version.Parse(Path.GetFileName(f)["kubectl.".Length..]))
                .FirstOrDefault()
            ?? found;
    }

    private static async Task<int> FindMinor()
    {
        var version = await Cli.Wrap(Kubectl.Value)
            .WithArguments(["version", "--client", "-o", "json"])
            .ExecuteBufferedAsync();
        return int.Parse(
            Digits().Match(JsonNode.Parse(version.StandardOutput)!["clientVersion"]!["minor"]!.GetValue<string>()).Value
        );
    }

    [GeneratedRegex("^[0-9]+")]
    private static partial Regex Digits();
}
