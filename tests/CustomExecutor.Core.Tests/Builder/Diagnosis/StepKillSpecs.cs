using CustomExecutor.Core.Builder.Diagnosis;

namespace CustomExecutor.Core.Tests.Builder.Diagnosis;

public sealed class StepKillSpecs
{
    private const string Killed =
        "time=\"2026-11-24T14:14:40Z\" level=error msg=\"/moby.buildkit.v1.Control/Solve returned error: rpc "
        + "error: code = Unknown desc = process \\\"/bin/sh -c make\\\" did not complete successfully: exit "
        + "code: 137\"";

    [Fact]
    public void A_killed_step_names_the_builders_memory_limit_and_the_key_that_raises_it() =>
        StepKill.Hint(Killed, "4Gi").Should().Contain("(4Gi)").And.Contain("builder.resources.limits.memory");

    [Fact]
    public void Without_a_limit_it_was_the_node() => StepKill.Hint(Killed, null).Should().Contain("node");

    [Fact]
    public void A_step_that_failed_otherwise_says_nothing_of_memory() =>
        StepKill.Hint(Killed.Replace("137", "1", StringComparison.Ordinal), "4Gi").Should().BeNull();
}
