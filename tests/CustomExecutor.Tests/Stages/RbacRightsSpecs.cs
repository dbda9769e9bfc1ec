using CustomExecutor.Commands.Try;
using CustomExecutor.Testing.Cluster;
using CustomExecutor.Testing.Jobs;
using k8s.Models;

namespace CustomExecutor.Tests.Stages;

/// <summary>What the driver needs of the cluster, and what it says where that is lacking.</summary>
public sealed class RbacRightsSpecs : IAsyncLifetime
{
    private static readonly PlayedJob Job = new() { Id = 4711 };

    private Bench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await Bench.Create();

    [Fact]
    public async Task The_Role_that_admins_copy_is_enough_for_a_whole_job()
    {
        using var host = await HostOf(DriverRole.Rules);
        var attempt = host.Attempt(Job);
        // A builder may be ready before the event of its pull arrives.
        _bench.Node.Starts = pod =>
            pod.StartBuildkitd(() =>
                Eventually.True(() => attempt.Log.Text.Contains("Pulling image"), "the pull is reported")
            );

        await attempt.BecomeReady();
        var (verdict, _) = await attempt.Run("true");
        File.Delete(attempt.Paths.StateFile);
        await attempt.CleanUp();

        verdict.Outcome.Should().Be(RunnerOutcome.Success);
        attempt.Log.Text.Should().Contain("Pulling image", "it may watch events").And.NotContain("ERROR");
        await _bench.Namespace.ShouldBecomeEmpty();
    }

    [Theory]
    [InlineData("pods create", "ERROR: Kubernetes refused to create the builder pod in namespace NAMESPACE: 403 ")]
    [InlineData("pods watch", "ERROR: Kubernetes refused to watch the builder pod: 403 ")]
    [InlineData(
        "secrets create",
        "ERROR: Kubernetes refused to create the builder's secret in namespace NAMESPACE: 403 "
    )]
    public async Task A_missing_right_is_told_with_what_it_was_needed_for(string right, string sentence)
    {
        using var host = await HostOf(Without(right));
        var attempt = host.Attempt(Job);

        var verdict = await attempt.TryToBecomeReady();

        verdict.Outcome.Should().Be(RunnerOutcome.SystemFailure);
        attempt
            .Log.Text.Should()
            .Contain(sentence.Replace("NAMESPACE", _bench.Namespace.Name, StringComparison.Ordinal))
            .And.Contain("config/kubernetes/role.yaml");
        await _bench.Namespace.ShouldBecomeEmpty();
    }

    [Fact]
    public async Task Without_the_right_to_watch_events_a_builder_is_only_less_talkative()
    {
        using var host = await HostOf(Without("events watch"));
        var attempt = host.Attempt(Job);

        await attempt.BecomeReady();

        attempt.Log.Lines.Should().HaveCount(3).And.NotContain(l => l.Contains("Pulling", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("pods delete", "delete the builder pod k8s-builder-4711-")]
    [InlineData("secrets delete", "delete the secret k8s-builder-4711-")]
    [InlineData("pods list", "list the builder pods in namespace ")]
    public async Task A_cleanup_that_lacks_a_right_does_the_rest_and_says_so(string right, string sentence)
    {
        using var host = await HostOf(Without(right));
        var attempt = host.Attempt(Job);
        await attempt.BecomeReady();

        var verdict = await attempt.Stages.Cleanup();

        verdict.Outcome.Should().Be(RunnerOutcome.SystemFailure);
        attempt.Log.Text.Should().Contain($"ERROR: Kubernetes refused to {sentence}");
        Directory.Exists(attempt.Workspace).Should().BeFalse();
        Directory.Exists(attempt.Paths.Job).Should().BeFalse();
        if (right != "pods delete")
            await Eventually.True(async () => (await _bench.Namespace.Pods()).Count == 0, "the pod is gone");
        if (right != "secrets delete")
            (await _bench.Namespace.Secrets()).Should().BeEmpty();
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    private async Task<RunnerHost> HostOf(V1PolicyRule[] rules) =>
        new(await _bench.Namespace.KubeconfigOfAccount("driver", rules), _bench.Namespace.Name);

    private static V1PolicyRule[] Without(string right) =>
        [
            .. DriverRole.Rules.Select(rule =>
                right.Split(' ') is [var resource, var verb] && rule.Resources.Contains(resource)
                    ? new V1PolicyRule
                    {
                        ApiGroups = rule.ApiGroups,
                        Resources = rule.Resources,
                        Verbs = [.. rule.Verbs.Where(v => v != verb)],
                    }
                    : rule
            ),
        ];
}
