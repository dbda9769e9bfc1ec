using CustomExecutor.Core.Scripts.Pod;

namespace CustomExecutor.EndToEnd.PodScripts;

/// <summary>A script in a container of a pod on the real node, over a connection that holds.</summary>
public sealed class PodScriptSpecs
{
    [Theory]
    [InlineData("busybox")]
    [InlineData("bash")]
    [InlineData("dash")]
    [InlineData("bare")]
    public async Task A_script_s_output_and_exit_code_come_whatever_shell_there_is(string image)
    {
        await using var pod = await ScriptPod.Start(ContainerImage.Of(image));
        foreach (var code in new[] { 0, 1, 2, 3, 127, 137 })
        {
            var (result, output) = await pod.Run($"echo out; echo err >&2; echo dev >/dev/stderr; exit {code}");
            result.Should().Be(new PodScriptResult.Exited(code));
            output.Should().Be("out\nerr\ndev\n");
        }

        (await pod.Run("kill -s KILL $$")).Result.Should().Be(new PodScriptResult.Exited(137));
        (await pod.Run("while read -r a b; do case $a in SigIgn:) echo $b;; esac; done </proc/self/status"))
            .Output.Should()
            .Be("0000000000000000\n", "signals are as usual");
        (await pod.Run("read -r x || echo end")).Output.Should().Be("end\n", "stdin is empty");
    }
}
