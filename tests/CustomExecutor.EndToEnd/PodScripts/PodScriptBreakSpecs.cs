using System.Text;
using CustomExecutor.Core.Scripts.Pod;
using CustomExecutor.Kubernetes.Connection;

namespace CustomExecutor.EndToEnd.PodScripts;

/// <summary>A script in a container whose connection breaks, or whose driver is gone.</summary>
public sealed class PodScriptBreakSpecs
{
    /// <summary>TLS and the WebSocket's handshake take some 3 kB each way.</summary>
    private const int Handshake = 2500;

    private const string Lines =
        "echo x >>/run/output/runs; i=0; "
        + "while [ $i -lt 3000 ]; do echo \"line $i of the output\"; i=$((i+1)); done; exit 7";

    private static string Expected { get; } =
        string.Concat(Enumerable.Range(0, 3000).Select(i => $"line {i} of the output\n"));

    [Theory]
    [InlineData("busybox")]
    [InlineData("bash")]
    [InlineData("dash")]
    public async Task Not_a_byte_is_lost_or_repeated_wherever_the_connection_breaks(string image)
    {
        await using var pod = await ScriptPod.Start(ContainerImage.Of(image));
        using var connections = new BreakingConnections { DownBytes = number => Handshake + (number * 137) };
        using var client = connections.Client();
        await IsRight(pod, client);
        connections.Count.Should().BeGreaterThan(10);
    }

    [Fact]
    public async Task A_script_whose_upload_breaks_off_anywhere_is_started_once()
    {
        await using var pod = await ScriptPod.Start(ContainerImage.Busybox);
        using var connections = new BreakingConnections { UpBytes = number => 1000 + (number * 617) };
        using var client = connections.Client();
        await IsRight(pod, client);
    }

    [Theory]
    [InlineData("busybox")]
    [InlineData("bash")]
    public async Task Output_goes_on_while_the_connection_is_cut_every_second(string image)
    {
        await using var pod = await ScriptPod.Start(ContainerImage.Of(image));
        using var connections = new BreakingConnections { Life = number => TimeSpan.FromSeconds(1 + (number * 0.1)) };
        using var client = connections.Client();
        using var output = new MemoryStream();
        (
            await ScriptPod.Run(
                pod.Request("i=0; while [ $i -lt 80 ]; do echo $i; sleep 0.1; i=$((i+1)); done; exit 3"),
                output,
                client
            )
        )
            .Should()
            .Be(new PodScriptResult.Exited(3));
        Text(output).Should().Be(string.Concat(Enumerable.Range(0, 80).Select(i => $"{i}\n")));
        connections.Count.Should().BeGreaterThan(3);
        await EarlierFollowersEnd(pod);
    }

    [Fact]
    public async Task A_server_that_restarts_meanwhile_is_waited_for()
    {
        await using var pod = await ScriptPod.Start(ContainerImage.Busybox);
        using var connections = new BreakingConnections();
        using var client = connections.Client();
        using var output = new MemoryStream();
        var running = ScriptPod.Run(pod.Request("echo a; sleep 3; echo b; exit 2"), output, client);
        await Eventually.True(() => Task.FromResult(output.Length > 0), "the script runs");
        connections.Close();
        await Task.Delay(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        connections.Reopen();
        (await running).Should().Be(new PodScriptResult.Exited(2));
        Text(output).Should().Be("a\nb\n");
    }

    [Fact]
    public async Task A_connection_that_is_dead_without_a_word_is_noticed_and_its_follower_ends()
    {
        await using var pod = await ScriptPod.Start(ContainerImage.Bash);
        using var connections = new BreakingConnections();
        using var client = connections.Client();
        using var output = new MemoryStream();
        var running = ScriptPod.Run(
            pod.Request("echo a; yes full | head -c 5000000; sleep 40; echo b; exit 2"),
            output,
            client
        );
        await Eventually.True(() => Task.FromResult(output.Length > 0), "the script runs");
        connections.Freeze();
        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        connections.Thaw();
        (await running).Should().Be(new PodScriptResult.Exited(2));
        output.Length.Should().Be(5_000_004);
        await EarlierFollowersEnd(pod);
    }

    /// <summary>What SIGKILL leaves of a driver is a connection that ends.</summary>
    [Fact]
    public async Task A_second_driver_follows_what_one_has_started_that_was_killed_anywhere()
    {
        await using var pod = await ScriptPod.Start(ContainerImage.Busybox);
        for (var bytes = 1000; bytes < 12_000; bytes += 701)
        {
            var request = pod.Request("echo x; sleep 0.3; exit 7");
            using (var connections = new BreakingConnections { UpBytes = _ => bytes })
            using (var client = connections.Client())
            {
                using var nobody = new MemoryStream();
                var first = ScriptPod.Run(request, nobody, client);
                await Eventually.True(() => Task.FromResult(connections.Count > 1 || first.IsCompleted), "it breaks");
            }

            using var output = new MemoryStream();
            (await ScriptPod.Run(request, output)).Should().Be(new PodScriptResult.Exited(7));
            Text(output).Should().Be("x\n");
        }
    }

    /// <summary>Counts the shells that an exec has begun, this script's own included.</summary>
    private const string Followers =
        "n=0; for p in /proc/[0-9]*; do case $(cat $p/cmdline) in *'IFS= read -r l;'*) n=$((n+1)) ;; esac; "
        + "done 2>/dev/null; echo $n";

    private static Task EarlierFollowersEnd(ScriptPod pod) =>
        Eventually.True(async () => (await pod.Run(Followers)).Output == "1\n", "earlier followers do not pile up");

    private static async Task IsRight(ScriptPod pod, ClusterClient client)
    {
        using var output = new MemoryStream();
        (await ScriptPod.Run(pod.Request(Lines), output, client)).Should().Be(new PodScriptResult.Exited(7));
        Text(output).Should().Be(Expected);
        (await pod.Run("cat /run/output/runs")).Output.Should().Be("x\n", "it was started once");
    }

    private static string Text(MemoryStream output) => Encoding.UTF8.GetString(output.ToArray());
}
