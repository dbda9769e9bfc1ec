using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Runner;
using static CustomExecutor.Core.Tests.Builder.BuilderFixtures;

namespace CustomExecutor.Core.Tests.Builder;

public sealed class OwnerPodSpecs
{
    private const string Uid = "0f8fad5b-d9cb-469f-a165-70867728950e";

    [Fact]
    public void A_builder_goes_with_the_runners_pod_in_its_namespace()
    {
        var owner = Of("runner-0", Uid, "gitlab-builders", out _);

        var pod = PodManifest.Create(Spec() with { Owner = owner });

        var reference = pod.Metadata.OwnerReferences.Should().ContainSingle().Subject;
        (reference.ApiVersion, reference.Kind, reference.Name, reference.Uid)
            .Should()
            .Be(("v1", "Pod", "runner-0", Uid));
        (reference.Controller, reference.BlockOwnerDeletion).Should().Be((null, null));
    }

    [Fact]
    public void A_runner_in_another_namespace_owns_nothing_or_Kubernetes_would_collect_the_builder_at_once()
    {
        Of("runner-0", Uid, "gitlab-runner", out var mistake).Should().BeNull();
        mistake.Should().BeNull("it is no mistake");
    }

    [Fact]
    public void A_runner_outside_the_cluster_owns_nothing()
    {
        Of(null, null, null, out var mistake).Should().BeNull();
        mistake.Should().BeNull();
        PodManifest.Create(Spec()).Metadata.OwnerReferences.Should().BeNull();
    }

    [Theory]
    [InlineData(null, Uid, "gitlab-builders", "CUSTOM_EXECUTOR_POD_NAME")]
    [InlineData("Runner 0", Uid, "gitlab-builders", "CUSTOM_EXECUTOR_POD_NAME")]
    [InlineData("runner-0", null, "gitlab-builders", "CUSTOM_EXECUTOR_POD_UID")]
    [InlineData("runner-0", "$(POD_UID)", "gitlab-builders", "CUSTOM_EXECUTOR_POD_UID")]
    [InlineData("runner-0", Uid, "", "CUSTOM_EXECUTOR_POD_NAMESPACE")]
    public void Half_of_it_is_a_mistake_that_the_admin_is_told(string? name, string? uid, string? home, string variable)
    {
        Of(name, uid, home, out var mistake).Should().BeNull();
        mistake.Should().Contain(variable).And.Contain("downward API");
    }

    [Fact]
    public void An_author_can_not_give_a_builder_an_owner() =>
        OwnerPod
            .Of(
                new RunnerEnvironment(
                    new Dictionary<string, string>
                    {
                        ["CUSTOM_ENV_CUSTOM_EXECUTOR_POD_NAME"] = "x",
                        ["CUSTOM_ENV_CUSTOM_EXECUTOR_POD_UID"] = Uid,
                        ["CUSTOM_ENV_CUSTOM_EXECUTOR_POD_NAMESPACE"] = "gitlab-builders",
                    }
                ),
                "gitlab-builders",
                out _
            )
            .Should()
            .BeNull();

    private static OwnerPod? Of(string? name, string? uid, string? home, out string? mistake)
    {
        var variables = new Dictionary<string, string>();
        if (name is not null)
            variables[OwnerPod.NameVariable] = name;
        if (uid is not null)
            variables[OwnerPod.UidVariable] = uid;
        if (home is not null)
            variables[OwnerPod.NamespaceVariable] = home;
        return OwnerPod.Of(new RunnerEnvironment(variables), "gitlab-builders", out mistake);
    }
}
