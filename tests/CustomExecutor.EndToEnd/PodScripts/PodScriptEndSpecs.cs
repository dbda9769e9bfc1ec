using System.Text;
using CustomExecutor.Core.Scripts.Pod;

namespace CustomExecutor.EndToEnd.PodScripts;

/// <summary>A script in a container that is ended, or whose container is.</summary>
public sealed class PodScriptEndSpecs
{
    [Theory]
    [InlineData("busybox")]
    [InlineData("bash")]
    [InlineData("dash")]
    [InlineData("bare")]
    public async Task A_cancelled_script_may_end_in_its_own_way(string image)
    {
        await using var pod = await ScriptPod.Start(ContainerImage.Of(image));
        var (result, output) = await Cancelled(
            pod,
            "trap 'echo bye; exit 9' TERM; echo go; sleep 300",
            grace: TimeSpan.FromMinutes(1)
        );
        result.Should().Be(new PodScriptResult.Exited(9));
        // The shell hears of the signal once its sleep has ended, which the same signal does.
        output.Should().StartWith("go\n").And.Contain("bye\n");
        await Eventually.True(async () => (await pod.Run(Sleepers)).Output == "0\n", "nothing that it started is left");
    }

    [Theory]
    [InlineData("busybox")]
    [InlineData("bash")]
    [InlineData("dash")]
    [InlineData("bare")]
    public async Task A_cancelled_script_that_ignores_it_is_killed_with_all_that_it_started(string image)
    {
        await using var pod = await ScriptPod.Start(ContainerImage.Of(image));
        var (result, output) = await Cancelled(
            pod,
            "trap '' TERM; sleep 301 & (set -m; sleep 302 & sleep 303 & command -v setsid && setsid sleep 304 &) "
                + ">/dev/null 2>&1; echo go; while :; do sleep 305; done",
            grace: TimeSpan.FromSeconds(1)
        );
        result.Should().Be(new PodScriptResult.Exited(137));
        output.Should().StartWith("go\n");
        await Eventually.True(async () => (await pod.Run(Sleepers)).Output == "0\n", "nothing that it started is left");
    }

    [Fact]
    public async Task A_script_that_is_cancelled_before_its_start_never_starts()
    {
        await using var pod = await ScriptPod.Start(ContainerImage.Busybox);
        using var cancel = new CancellationTokenSource();
        using var connections = new BreakingConnections
        {
            UpBytes = _ => cancel.IsCancellationRequested ? long.MaxValue : 1500,
        };
        using var client = connections.Client();
        var request = pod.Request("echo x >>/run/output/started");
        using var output = new MemoryStream();
        var running = ScriptPod.RunUntil(request, output, client, cancel.Token);
        await Eventually.True(() => Task.FromResult(connections.Count > 0), "it tries");
        await cancel.CancelAsync();
        (await running).Should().BeOfType<PodScriptResult.NeverStarted>();
        (await ScriptPod.Run(request with { Grace = TimeSpan.Zero }, output)).Should().BeOfType<PodScriptResult.Lost>();
        (await pod.Run("cat /run/output/started 2>/dev/null || echo none")).Output.Should().Be("none\n");
    }

    [Fact]
    public async Task A_script_that_kills_all_it_can_is_lost_and_does_not_hang()
    {
        await using var pod = await ScriptPod.Start(ContainerImage.Bash, uid: 1234);
        var (result, output) = await pod.Run($"echo before; {Collected}; kill -s KILL -- -1");
        result.Should().BeOfType<PodScriptResult.Lost>();
        output.Should().Be("before\n");
    }

    [Fact]
    public async Task A_container_that_ends_ends_its_script()
    {
        await using var pod = await ScriptPod.Start(ContainerImage.Busybox);
        using var output = new MemoryStream();
        var running = ScriptPod.Run(pod.Request("echo before; sleep 300"), output);
        await Eventually.True(() => running.IsCompleted || output.Length > 0, "the script runs");
        await pod.Run("kill 1");
        (await running).Should().BeOfType<PodScriptResult.ContainerGone>();
        Encoding.UTF8.GetString(output.ToArray()).Should().Be("before\n");
    }

    [Fact]
    public async Task A_pod_that_is_deleted_ends_its_script()
    {
        await using var pod = await ScriptPod.Start(ContainerImage.Busybox);
        using var output = new MemoryStream();
        var running = ScriptPod.Run(pod.Request("echo go; sleep 300"), output);
        await Eventually.True(() => Task.FromResult(output.Length == 3), "the script runs");
        await pod.Delete();
        (await running).Should().BeOfType<PodScriptResult.ContainerGone>();
    }

    [Fact]
    public async Task An_output_whose_collector_is_killed_delays_no_end()
    {
        await using var pod = await ScriptPod.Start(ContainerImage.Busybox);
        var (result, output) = await pod.Run(
            $"echo before; {Collected}; trap '' PIPE; for p in /proc/[0-9]*; do "
                + "read -r name <$p/comm && [ \"$name\" = cat ] && kill -s KILL ${p#/proc/}; done 2>/dev/null; "
                + "sleep 1; exit 8"
        );
        result.Should().Be(new PodScriptResult.Exited(8));
        output.Should().Be("before\n");
    }

    /// <summary>Waits until the output so far is in its file, for the first script of a container.</summary>
    private const string Collected = "for o in /run/output/*; do until [ -s $o ]; do sleep 0.1; done; done";

    private const string Sleepers =
        "n=0; for p in /proc/[0-9]*; do case $(tr '\\0' ' ' <$p/cmdline 2>/dev/null || cat $p/cmdline) in "
        + "*sleep*30[0-9]*) n=$((n+1));; esac; done 2>/dev/null; echo $n";

    private static async Task<(PodScriptResult Result, string Output)> Cancelled(
        ScriptPod pod,
        string script,
        TimeSpan? grace = null
    )
    {
        using var output = new MemoryStream();
        using var cancel = new CancellationTokenSource();
        var running = ScriptPod.RunUntil(pod.Request(script, grace), output, null, cancel.Token);
        await Eventually.True(() => Task.FromResult(output.Length >= 3), "the script runs");
        await cancel.CancelAsync();
        return (await running, Encoding.UTF8.GetString(output.ToArray()));
    }
}
