using CustomExecutor.Core.Builder.Diagnosis;
using CustomExecutor.Core.JobPod;
using CustomExecutor.Core.Tests.JobPod;
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
    [InlineData("builds", "job.volumeSizeLimit (30Gi)")]
    [InlineData("cache", "job.volumeSizeLimit (30Gi)")]
    [InlineData("tmp", "job.volumeSizeLimit (30Gi)")]
    [InlineData("output-build", "job.volumeSizeLimit (30Gi)")]
    [InlineData("output-helper", "job.volumeSizeLimit (30Gi)")]
    public void A_job_that_fills_a_volume_of_its_pod_is_told_which_and_the_setting(string volume, string key)
    {
        var message = $"Usage of EmptyDir volume \"{volume}\" exceeds the limit \"30Gi\". ";

        FailsTheBuild(JobsPod(message) with { Phase = BuilderPhase.InUse })
            .Should()
            .Contain($"\"{volume}\"")
            .And.Contain("The job needs more disk than it may use")
            .And.Contain($"outgrew {key}.")
            .And.EndWith("ask the runner's admin to raise job.volumeSizeLimit.")
            .And.NotContain("builder.");
        Fails(JobsPod(message)).Should().EndWith("Raise job.volumeSizeLimit in the settings.");
    }

    [Fact]
    public void A_volume_that_the_cluster_has_added_is_not_the_jobs_failure() =>
        Fails(
                JobsPod("Usage of EmptyDir volume \"mesh\" exceeds the limit \"1Mi\". ") with
                {
                    Phase = BuilderPhase.InUse,
                }
            )
            .Should()
            .Contain("a policy of the cluster")
            .And.NotContain("SizeLimit");

    [Theory]
    [InlineData("Container build exceeded its local ephemeral storage limit \"5Gi\". ", "job")]
    [InlineData("Container helper exceeded its local ephemeral storage limit \"5Gi\". ", "helper")]
    [InlineData("Container svc-0 exceeded its local ephemeral storage limit \"5Gi\". ", "services")]
    [InlineData("Container buildkitd exceeded its local ephemeral storage limit \"5Gi\". ", "builder")]
    [InlineData("Pod ephemeral local storage usage exceeds the total limit of containers 5Gi. ", "job")]
    public void A_container_that_writes_too_much_is_told_with_its_own_setting(string message, string section) =>
        FailsTheBuild(JobsPod(message) with { Phase = BuilderPhase.InUse })
            .Should()
            .EndWith($"raise {section}.resources.limits[\"ephemeral-storage\"].");

    [Theory]
    [InlineData(
        "The node was low on resource: memory. Container build was using 3Gi, request is 0, has larger consumption of "
            + "memory. ",
        "A higher job.resources.requests.memory"
    )]
    [InlineData(
        "The node was low on resource: ephemeral-storage. Container svc-0 was using 3Gi, request is 0. ",
        "A higher services.resources.requests[\"ephemeral-storage\"]"
    )]
    public void A_node_that_ran_out_is_told_with_the_settings_of_the_container_that_used_it(
        string message,
        string key
    ) => Fails(JobsPod(message) with { Phase = BuilderPhase.InUse }).Should().Contain(key).And.NotContain("builder.");

    private static PodObservation JobsPod(string message)
    {
        var plan = JobPodFixtures.Plan(
            "'services': [{ 'name': 'postgres:17' }]",
            "{ 'job': { 'readOnlyRootFilesystem': true, 'volumeSizeLimit': '30Gi', "
                + "'resources': { 'limits': { 'ephemeral-storage': '5Gi' } } } }"
        );
        var pod = JobPodManifest.Create(plan.Spec);
        pod.Spec.NodeName = "node-1";
        pod.Status = Failed("Evicted", message);
        return new PodObservation(pod) { Followed = plan.Spec.Build.Container, Own = plan.Spec.Containers };
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
