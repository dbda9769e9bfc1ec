using CustomExecutor.Core.Builder.Diagnosis;
using static CustomExecutor.Core.Tests.Builder.PodFixtures;

namespace CustomExecutor.Core.Tests.Builder.Diagnosis;

public sealed class MemoryKillSpecs
{
    [Fact]
    public void A_builder_that_was_OOM_killed_before_it_was_ready_names_its_limit_and_the_setting() =>
        Fails(Seen(Ended("OOMKilled", 137)))
            .Should()
            .Be(
                "The builder ended before it was ready: OOMKilled, exit code 137, at its limit of 4Gi\nRaise "
                    + "builder.resources.limits.memory in the settings."
            );

    [Fact]
    public void A_builder_that_was_OOM_killed_under_a_build_is_the_builds_own_failure() =>
        FailsTheBuild(InUse(Ended("OOMKilled", 137)))
            .Should()
            .StartWith("The builder ended while the job used it: OOMKilled, exit code 137, at its limit of 4Gi\n")
            .And.Contain("The build needs more memory")
            .And.Contain("builder.resources.limits.memory");

    [Fact]
    public void Without_a_limit_the_node_ran_out_and_that_is_nobodys_build()
    {
        var pod = Pod(Ended("OOMKilled", 137), with: s => s.Resources.Limits = new Dictionary<string, string>());

        Fails(new PodObservation(pod) { Phase = BuilderPhase.InUse }).Should().Contain("The node ran out of memory");
    }
}
