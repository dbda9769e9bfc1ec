using System.Globalization;
using CustomExecutor.Commands.Try;
using CustomExecutor.Core.Kubernetes.Exec;
using CustomExecutor.Core.Scripts.Pod;
using CustomExecutor.EndToEnd.JobPod;
using CustomExecutor.Scripts.Pod;

namespace CustomExecutor.EndToEnd.PodScripts;

/// <summary>The API server itself restarts while the driver runs a script over it.</summary>
public sealed class ApiServerRestartSpecs
{
    private const int Sigkill = 9,
        Sigterm = 15;

    [Fact]
    public async Task Not_a_line_is_lost_or_repeated_when_the_API_server_restarts_in_the_middle_of_a_script()
    {
        using var server = await SecondApiServer.Start();
        await using var attempt = await PodAttempt.Start(new JobOnNode { InPod = true, Settings = server.Settings });
        var running = attempt.Run(
            "build_script",
            "i=0; until [ -e over ]; do echo line $i; i=$((i + 1)); sleep 0.05; done; echo lines $i; exit 9"
        );
        await NextLine(attempt, running);
        foreach (var signal in (int[])[Sigkill, Sigterm])
        {
            await server.Restart(signal);
            await NextLine(attempt, running);
        }

        running.IsCompleted.Should().BeFalse(attempt.Log);
        await EndScript(attempt);

        var (result, output) = await running;
        result.Should().Be(new RunnerResult(RunnerOutcome.BuildFailure, 9), output);
        var lines = output.Split('\n').Where(l => l.StartsWith("line", StringComparison.Ordinal)).ToList();
        lines
            .Should()
            .Equal([.. Enumerable.Range(0, lines.Count - 1).Select(i => $"line {i}"), $"lines {lines.Count - 1}"]);
        (await attempt.Passes("after_script", "echo after")).Should().Contain("after");
    }

    /// <summary>Waits for a line that has not come yet.</summary>
    private static async Task NextLine(PodAttempt attempt, Task running)
    {
        var written = attempt.Log.Split('\n').Count(l => l.StartsWith("line ", StringComparison.Ordinal));
        var next = string.Create(CultureInfo.InvariantCulture, $"\nline {written}\n");
        await Eventually.True(
            () => Task.FromResult(running.IsCompleted || attempt.Log.Contains(next, StringComparison.Ordinal)),
            "the output goes on",
            TimeSpan.FromMinutes(5)
        );
    }

    /// <summary>By the cluster's usual API server.</summary>
    private static async Task EndScript(PodAttempt attempt)
    {
        var build = new ExecTarget(Node.Settings.Kubernetes.Namespace, attempt.Pod, "build");
        var touch = new PodScriptRequest(
            new PodScriptId(Guid.NewGuid().ToString("N")),
            build,
            System.Text.Encoding.ASCII.GetBytes($"touch {attempt.ProjectDirectory}/over")
        )
        {
            Grace = TimeSpan.FromSeconds(5),
        };
        (await ScriptPod.Run(touch, Stream.Null)).Should().Be(new PodScriptResult.Exited(0));
    }
}
