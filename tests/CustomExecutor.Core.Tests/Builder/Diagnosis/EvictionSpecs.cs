using static CustomExecutor.Core.Tests.Builder.PodFixtures;

namespace CustomExecutor.Core.Tests.Builder.Diagnosis;

public sealed class EvictionSpecs
{
    [Theory]
    [InlineData("Usage of EmptyDir volume \"state\" exceeds the limit \"20Gi\". ", "builder.stateSizeLimit (20Gi)")]
    [InlineData(
        "Container buildkitd exceeded its local ephemeral storage limit \"5Gi\". ",
        "builder.resources.limits[\"ephemeral-storage\"]"
    )]
    [InlineData(
        "Pod ephemeral local storage usage exceeds the total limit of containers 5Gi. ",
        "builder.resources.limits[\"ephemeral-storage\"]"
    )]
    [InlineData(
        "pod ephemeral local storage usage exceeds the total limit of containers {{5368709120 0} {<nil>} 5Gi BinarySI}",
        "builder.resources.limits[\"ephemeral-storage\"]"
    )]
    public void A_build_that_fills_the_builders_disk_is_the_builds_own_failure(string message, string key)
    {
        FailsTheBuild(InUse(Failed("Evicted", message)))
            .Should()
            .StartWith($"The builder ended while the job used it: Evicted: {message.Trim()}\n")
            .And.Contain("The build needs more disk")
            .And.Contain(key)
            .And.Contain("ask the runner's admin");
        Fails(Seen(Failed("Evicted", message))).Should().Contain(key).And.NotContain("The build needs");
    }

    [Theory]
    [InlineData(
        "The node was low on resource: memory. Container buildkitd was using 3Gi, which exceeds its request of 512Mi. ",
        "builder.resources.requests.memory (512Mi)"
    )]
    [InlineData(
        "The node was low on resource: memory. Threshold quantity: 100Mi, available: 80Mi. Container buildkitd was "
            + "using 3Gi, request is 512Mi, has larger consumption of memory. ",
        "memory"
    )]
    [InlineData("The node had condition: [MemoryPressure]. ", "memory")]
    [InlineData(
        "The node was low on resource: ephemeral-storage. Container buildkitd was using 12Gi, which exceeds its "
            + "request of 0. ",
        "disk ran full"
    )]
    [InlineData("The node was low on resource: inodes. ", "disk ran full")]
    [InlineData("The node had condition: [DiskPressure]. ", "disk ran full")]
    [InlineData("The node was low on resource: pids. ", "process ids")]
    [InlineData("The node had condition: [PIDPressure]. ", "process ids")]
    [InlineData("something new", "Retry the job")]
    [InlineData(null, "Retry the job")]
    public void A_node_under_pressure_is_the_systems_failure_whatever_the_job_does(string? message, string remedy)
    {
        Fails(InUse(Failed("Evicted", message))).Should().Contain(remedy);
        Fails(Seen(Failed("Evicted", message))).Should().Contain(remedy);
    }
}
