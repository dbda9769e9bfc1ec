using System.Text.Json.Nodes;
using CustomExecutor.Commands.Try;
using CustomExecutor.Testing.Cluster;
using CustomExecutor.Testing.Jobs;

namespace CustomExecutor.Tests.Config;

/// <summary>The Kubernetes manifests that admins apply, applied.</summary>
public sealed class ManifestSpecs : IAsyncLifetime
{
    private GcBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await GcBench.Create();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_account_of_the_kustomization_can_do_a_whole_job_with_and_without_the_policies(bool policies)
    {
        Assert.SkipWhen(
            policies && !await Manifests.HasAdmissionPolicies(),
            "This API server has no ValidatingAdmissionPolicy (Kubernetes 1.30)."
        );
        await Manifests.ApplyKustomization(_bench.Namespace, withComponents: policies);
        using var host = new RunnerHost(
            TestCluster.KubeconfigFor($"token: {await _bench.Namespace.Token("custom-executor")}"),
            _bench.Namespace.Name
        );
        var attempt = host.Attempt(new PlayedJob { Id = 4711 });

        await attempt.BecomeReady();
        var (verdict, _) = await attempt.Run("true");
        await attempt.CleanUp();

        verdict.Outcome.Should().Be(RunnerOutcome.Success);
        (await Manifests.Get("namespace", _bench.Namespace.Name, "-o", "json"))
            .Should()
            .Contain("\"pod-security.kubernetes.io/enforce\": \"privileged\"");
        await _bench.Namespace.ShouldBecomeEmpty();
        if (policies)
            await Manifests.DeletePolicies(_bench.Namespace);
    }

    [Fact]
    public async Task The_CronJobs_command_with_its_accounts_rights_removes_expired_builders_of_all_instances_only()
    {
        _bench.Bench.Node.Starts = _ => Task.CompletedTask;
        await Manifests.ApplyCronJob(_bench.Namespace);
        using var host = new RunnerHost(
            TestCluster.KubeconfigFor($"token: {await _bench.Namespace.Token("custom-executor-gc")}"),
            _bench.Namespace.Name
        );
        var live = await _bench.Builder(4711);
        var unlabelled = await _bench.Builder(4712, change: p => p.Metadata.Labels = null);
        var expired = await _bench.Builder(4713);
        var others = await _bench.Builder(4714, instance: "other-gitlab");
        foreach (var pod in new[] { unlabelled, expired, others })
            await _bench.Expire(pod.Metadata.Name);

        var command = await Command();
        var result = await GcBench.Gc(host, command[2..]);

        command[1].Should().Be("gc");
        result.Code.Should().Be(0, result.Errors);
        result.Summary.Should().Be("removed 2 builders");
        (await _bench.Builders()).Should().BeEquivalentTo(live.Metadata.Name, unlabelled.Metadata.Name);
        (await _bench.Namespace.Secrets())
            .Select(s => s.Metadata.Name)
            .Should()
            .BeEquivalentTo(live.Metadata.Name, unlabelled.Metadata.Name);
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    /// <summary>The command of the CronJob's container, as the server has taken it; its account must be the one whose
    /// token is used.</summary>
    private async Task<string[]> Command()
    {
        var cronJob = JsonNode.Parse(
            await Manifests.Get("cronjob", "custom-executor-gc", "--namespace", _bench.Namespace.Name, "-o", "json")
        )!;
        var pod = cronJob["spec"]!["jobTemplate"]!["spec"]!["template"]!["spec"]!;
        pod["serviceAccountName"]!.GetValue<string>().Should().Be("custom-executor-gc");
        pod["automountServiceAccountToken"]!
            .GetValue<bool>()
            .Should()
            .BeTrue("its account has it mounted only where a pod asks for it");
        return [.. pod["containers"]![0]!["command"]!.AsArray().Select(word => word!.GetValue<string>())];
    }
}
