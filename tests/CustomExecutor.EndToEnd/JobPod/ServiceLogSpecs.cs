using System.Globalization;
using System.Text.Json.Nodes;
using CustomExecutor.Commands.Try;
using CustomExecutor.Core.Runner;

namespace CustomExecutor.EndToEnd.JobPod;

/// <summary>The logs of a job's services in the job log (<c>CI_DEBUG_SERVICES</c>), on the real node.</summary>
public sealed class ServiceLogSpecs
{
    private const string Ticks =
        "printf 'hostile \\033[2J\\rline\\n'; echo to stderr >&2; i=0; "
        + "while :; do echo tick $i.; i=$((i+1)); sleep 0.1; done";

    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_line_is_in_the_job_log_once_and_none_is_missing_over_the_stages()
    {
        using var files = new TemporaryDirectory();
        var adminLog = files.Write("admin.log", "");
        await using var attempt = await PodAttempt.Start(
            new JobOnNode
            {
                InPod = true,
                Settings = SettingsWith(files, settings => settings["log"] = new JsonObject { ["path"] = adminLog }),
                Variables = { ["CI_DEBUG_SERVICES"] = "true" },
                Services = [new JobImage("localhost/job:1", "web shop") { Entrypoint = ["sh", "-c", Ticks] }],
            }
        );

        attempt.Log.Should().NotContain("tick", "its container may not even have been started");
        var first = await attempt.Passes("build_script", "printf 'half a '; sleep 5; echo line; sleep 5");
        var between = await TicksOf(attempt.Pod);
        await Eventually.True(async () => await TicksOf(attempt.Pod) > between, "it says more between the stages");
        var second = await attempt.Passes("after_script", "printf 'without an end'; sleep 3");
        await Eventually.True(async () => await TicksOf(attempt.Pod) > between + 1, "it says more afterwards");
        var third = await attempt.Passes("upload_artifacts_on_success", "echo uploaded");

        first
            .Should()
            .Contain(@"[service:localhost/job-web-shop] hostile \u001b[2J\u000dline" + "\n", Exactly.Once())
            .And.Contain("[service:localhost/job-web-shop] to stderr\n", Exactly.Once())
            .And.Contain("half a line\n");
        second.Should().Contain("without an end\n[service:").And.Contain($"] tick {between}.\n");
        third.Should().Contain("[service:localhost/job-web-shop] tick ");
        var ticks = TicksIn(attempt.Log);
        ticks.Should().Equal(Enumerable.Range(0, ticks.Count), "none is lost, repeated or out of order");
        // A first look may come before the container: the admin's log tells it, the author's need not.
        attempt.Log.Should().NotContain("Warning: CI_DEBUG_SERVICES");
        (await File.ReadAllTextAsync(adminLog, TestEnds)).Should().NotContain("tick ");
    }

    [Fact]
    public async Task A_log_that_can_not_be_read_is_told_once_and_fails_no_script()
    {
        using var files = new TemporaryDirectory();
        await using var user = await LimitedUser.Without("pods/log");
        var kubeconfig = files.Write("kubeconfig", user.Kubeconfig);
        File.SetUnixFileMode(kubeconfig, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await using var attempt = await PodAttempt.Start(
            new JobOnNode
            {
                InPod = true,
                Settings = SettingsWith(files, settings => settings["kubernetes"]!["kubeconfig"] = kubeconfig),
                Variables = { ["CI_DEBUG_SERVICES"] = "1" },
                Services =
                [
                    new JobImage("localhost/job:1", "one") { Entrypoint = ["sh", "-c", Ticks] },
                    new JobImage("localhost/job:1", "two") { Entrypoint = ["sh", "-c", Ticks] },
                ],
            }
        );

        await attempt.Passes("build_script", "sleep 3; echo goes on");
        await attempt.Passes("after_script", "sleep 3; echo to the end");

        attempt
            .Log.Should()
            .Contain("goes on\n")
            .And.Contain("to the end\n")
            .And.Contain(
                "Warning: CI_DEBUG_SERVICES: the log of service localhost/job-one can't be read",
                Exactly.Once()
            )
            .And.Contain("Warning: CI_DEBUG_SERVICES", Exactly.Once())
            .And.Contain("pods/log");
    }

    [Fact]
    public async Task Without_the_variable_the_job_log_has_none_of_it()
    {
        using var job = new JobOnNode
        {
            InPod = true,
            Services = [new JobImage("localhost/job:1", "web") { Entrypoint = ["sh", "-c", Ticks] }],
        };
        job.Variables["CI_DEBUG_SERVICES"] = "no";

        var (verdict, log) = await job.Run("sleep 3");

        verdict.Outcome.Should().Be(RunnerOutcome.Success, log);
        log.Should().NotContain("tick");
    }

    private static string SettingsWith(TemporaryDirectory files, Action<JsonNode> change)
    {
        var settings = JsonNode.Parse(File.ReadAllText(Node.PodSettings))!;
        change(settings);
        return files.Write("settings.json", settings.ToJsonString());
    }

    private static List<int> TicksIn(string log) =>
        [
            .. log.Split('\n')
                .Where(line => line.Contains("] tick ", StringComparison.Ordinal))
                .Select(line => int.Parse(line.Split(' ')[^1].TrimEnd('.'), CultureInfo.InvariantCulture)),
        ];

    /// <summary>How many ticks the node has of it.</summary>
    private static async Task<int> TicksOf(string pod) =>
        (await Node.Pods.TimedLog(pod, "svc-0", null, TestEnds)).Split(" tick ").Length - 1;
}
