using CustomExecutor.Commands.Try;
using CustomExecutor.Testing.Cluster;
using CustomExecutor.Testing.Jobs;

namespace CustomExecutor.Tests.Kubernetes.Credentials;

/// <summary>Whole jobs whose credentials come from an exec plugin.</summary>
public sealed class PluginJobSpecs : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private Bench _bench = null!;
    private string _token = "";

    public async ValueTask InitializeAsync()
    {
        _bench = await Bench.Create();
        _token = await _bench.Namespace.TokenOfAccount("plugin", DriverRole.Rules);
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_stage_calls_its_plugin_once_and_a_scripts_end_does_not_wait_for_it()
    {
        // Where the script sees it.
        using var open = new TemporaryDirectory();
        var pid = Path.Combine(open.Path, "pid");
        using var host = new RunnerHost(
            TestCluster.KubeconfigFor(Plugin($"[ -e $D/hangs ] && {{ echo $$ > {pid}; exec sleep 1000; }}")),
            _bench.Namespace.Name,
            settings => settings["scriptSandbox"]!["allow"]!.AsArray().Add(open.Path)
        );
        var attempt = host.Attempt(new PlayedJob { Id = 4711 });
        await attempt.BecomeReady();
        Calls.Should().Be(1);

        File.WriteAllText(Path.Combine(_directory.Path, "hangs"), "");
        // The builder is looked at after a second, and the script ends once the plugin runs for that.
        var (verdict, output) = await attempt.Run($"for i in $(seq 600); do [ -s {pid} ] && break; sleep 0.1; done");
        File.Delete(Path.Combine(_directory.Path, "hangs"));

        verdict.Should().Be(new RunnerResult(RunnerOutcome.Success, null), output);
        output.Should().BeEmpty("the plugin is nothing that the script left");
        Calls.Should().Be(2);
        Directory.Exists($"/proc/{File.ReadAllText(pid).Trim()}").Should().BeFalse("it was ended with the stage");
        await attempt.CleanUp();
        Calls.Should().Be(3);
    }

    [Fact]
    public async Task What_a_plugin_prints_is_in_no_job_log()
    {
        using var host = new RunnerHost(
            TestCluster.KubeconfigFor(
                Plugin("echo hidden-word >&2; echo 'time=\"x\" level=warning msg=\"new version of hidden-word\"'")
            ),
            _bench.Namespace.Name
        );
        var attempt = host.Attempt(new PlayedJob { Id = 4711 });

        (await attempt.TryToBecomeReady()).Outcome.Should().Be(RunnerOutcome.SystemFailure);

        attempt
            .Log.Text.Should()
            .Contain(
                $"ERROR: The exec plugin {_directory.Path}/plugin (context \"test\" of "
                    + $"{host.Directory}/kubeconfig) printed something that is not an ExecCredential object"
            )
            .And.NotContain("hidden-word")
            .And.NotContain(_token);
        File.ReadAllText(host.AdminLog)
            .Should()
            .Contain("hidden-word", "the admin sees its error output")
            .And.NotContain(_token);
    }

    private int Calls => File.ReadAllLines(Path.Combine(_directory.Path, "calls")).Length;

    private string Plugin(string before)
    {
        var path = _directory.WriteExecutable(
            "plugin",
            $$$"""
            #!/bin/bash
            D='{{{_directory.Path}}}'
            echo called >> $D/calls
            {{{before}}}
            echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"{{{_token}}}"}}'
            """
        );
        return $"exec: {{apiVersion: client.authentication.k8s.io/v1, command: {path}, interactiveMode: Never}}";
    }
}
