using CustomExecutor.Commands.Try;
using CustomExecutor.Testing.Cluster;
using CustomExecutor.Testing.Faults;
using CustomExecutor.Testing.Jobs;

namespace CustomExecutor.Tests.Kubernetes.Faults;

/// <summary>gc tries each call once and comes again: a garbled answer is a sentence and its exit code, and what else
/// there is to remove is removed.</summary>
public sealed class GarbledGcSpecs : IAsyncLifetime
{
    private GcBench _bench = null!;
    private ApiProxy _proxy = null!;
    private RunnerHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        (_bench, _proxy) = (await GcBench.Create(), await ApiProxy.Start());
        _bench.Bench.Node.Starts = _ => Task.CompletedTask; // Its certificates are none.
        _host = new RunnerHost(
            _proxy.KubeconfigFrom(await _bench.Namespace.KubeconfigOfAccount("driver", DriverRole.Rules)),
            _bench.Namespace.Name
        );
    }

    [Theory]
    [InlineData("GET pods", "{}")]
    [InlineData("GET pods", "null")]
    [InlineData("GET pods", "[]")]
    [InlineData("GET pods", "OK")]
    [InlineData("GET pods", """{"kind":"PodList","items":null}""")]
    [InlineData("GET pods", """{"kind":"PodList","items":[null]}""")]
    [InlineData(
        "GET pods",
        """{"kind":"PodList","items":[{"metadata":{"name":"a","uid":"1","resourceVersion":"1"},"spec":{"activeDeadlineSeconds":1e99}}]}"""
    )]
    [InlineData("DELETE pod", "{}")]
    [InlineData("DELETE pod", "[1]")]
    [InlineData("DELETE secret", "null")]
    [InlineData("DELETE secret", "17")]
    public async Task It_ends_with_a_sentence_and_succeeds_the_next_time(string call, string text)
    {
        var pod = await _bench.Builder(4711, clockOff: TimeSpan.FromDays(-1));
        await _bench.Expire(pod.Metadata.Name);
        _proxy.Rules = [new FaultRule(call, new Fault.Garbled(text))];

        var result = await GcBench.Gc(_host);

        result.Code.Should().Be(RunnerResult.SystemFailureExitCode, result.Errors);
        result
            .Errors.Should()
            .StartWith("ERROR: The Kubernetes API can't be used to")
            .And.NotContain("   at ")
            .And.NotContain("Internal error");
        result.Summary.Should().Contain("1 problem");
        var next = await GcBench.Gc(_host);
        next.Code.Should().Be(0, next.Errors);
        (await _bench.Builders()).Should().BeEmpty();
    }

    public async ValueTask DisposeAsync()
    {
        _host.Dispose();
        await _proxy.DisposeAsync();
        await _bench.DisposeAsync();
    }
}
