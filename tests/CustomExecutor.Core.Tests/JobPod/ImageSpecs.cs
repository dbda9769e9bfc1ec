using System.Runtime.InteropServices;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Settings;
using static CustomExecutor.Core.Tests.JobPod.JobPodFixtures;

namespace CustomExecutor.Core.Tests.JobPod;

public sealed class ImageSpecs
{
    [Fact]
    public void The_authors_image_is_the_authors()
    {
        var build = Plan("'image': { 'name': 'node:20' }").Spec.Build;

        build.Container.Should().Be(new PodContainer("build", ContainerRole.Build, ImageOwner.Author, "node:20"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("'image': null")]
    [InlineData("'image': { 'name': '' }")]
    public void Without_one_the_job_gets_the_admins(string job)
    {
        Plan(job, "{ 'job': { 'image': 'busybox' } }")
            .Spec.Build.Container.Should()
            .Be(new PodContainer("build", ContainerRole.Build, ImageOwner.Admin, "busybox"));
        Plan(job).Spec.Build.Container.Image.Should().Be(Plan(job).Spec.Tools.Container.Image, "it is pulled anyway");
    }

    [Fact]
    public void An_image_that_is_not_allowed_fails_the_job_with_the_list_of_those_that_are() =>
        Refusal("'image': { 'name': 'evil\\u001b[0m/miner' }", "{ 'job': { 'allowedImages': ['node:*', 'r.io/**'] } }")
            .Should()
            .Equal(
                "Image evil\\u001b[0m/miner is not a valid image name: it has a blank or control character, or is too long."
            );

    [Theory]
    [InlineData(
        "'image': { 'name': 'ruby:3' }",
        "Image ruby:3 is not allowed on this runner. Allowed: node:*, r.io/** "
            + "(job.allowedImages in the runner's settings). Use one of those, or ask the runner's admin."
    )]
    public void An_image_outside_of_the_list_fails_the_job(string job, string sentence) =>
        Refusal(job, "{ 'job': { 'allowedImages': ['node:*', 'r.io/**'] } }").Should().Equal(sentence);

    [Theory]
    [InlineData("node:20")]
    [InlineData("r.io/a/b:1")]
    [InlineData("the/default")]
    public void Images_of_the_list_and_the_default_are_allowed(string image) =>
        Plan(
            $"'image': {{ 'name': '{image}' }}",
            "{ 'job': { 'image': 'the/default', 'allowedImages': ['node:*', 'r.io/**'] } }"
        )
            .Spec.Build.Container.Image.Should()
            .Be(image);

    [Fact]
    public void Everything_that_fails_the_job_is_told_at_once() =>
        Refusal(
                "'image': { 'name': 'a', 'pull_policy': ['never'] }, "
                    + "'services': [{ 'name': 'b' }, { 'name': 'c', 'pull_policy': ['x'] }]",
                "{ 'job': { 'allowedImages': ['i'], 'allowedServices': ['s'] } }"
            )
            .Should()
            .HaveCount(5);

    [Theory]
    [InlineData("[]", "['Always', 'Never']", ImagePullPolicy.Always)]
    [InlineData("null", "['IfNotPresent']", ImagePullPolicy.IfNotPresent)]
    [InlineData("['never']", "['Always', 'Never']", ImagePullPolicy.Never)]
    [InlineData("['if-not-present', 'never']", "['Always', 'Never']", ImagePullPolicy.Never)]
    [InlineData("['always', 'never']", "['Never', 'Always']", ImagePullPolicy.Always)]
    public void The_author_chooses_among_the_admins_pull_policies(
        string asked,
        string allowed,
        ImagePullPolicy policy
    ) =>
        Plan($"'image': {{ 'name': 'a', 'pull_policy': {asked} }}", $"{{ 'job': {{ 'pullPolicies': {allowed} }} }}")
            .Spec.Build.PullPolicy.Should()
            .Be(policy);

    [Fact]
    public void A_policy_that_the_admin_does_not_allow_fails_the_job() =>
        Refusal("'image': { 'name': 'a', 'pull_policy': ['if-not-present', 'some\\ntimes'] }")
            .Should()
            .Equal(
                "pull_policy if-not-present, some\\u000atimes of image a is not one that this runner allows: always. "
                    + "Leave it out or change it."
            );

    [Theory]
    [InlineData("", Architecture.X64, "x86_64-v19.3.0")]
    [InlineData(
        "'variables': [{ 'key': 'CI_RUNNER_VERSION', 'value': '18.11.2' }]",
        Architecture.X64,
        "x86_64-v18.11.2"
    )]
    [InlineData(
        "'variables': [{ 'key': 'CI_RUNNER_VERSION', 'value': '18.11.2' }]",
        Architecture.Arm64,
        "arm64-v18.11.2"
    )]
    [InlineData(
        "'variables': [{ 'key': 'CI_RUNNER_VERSION', 'value': '19.1.0' }, { 'key': 'CI_RUNNER_VERSION', 'value': "
            + "'9.0.0' }]",
        Architecture.X64,
        "x86_64-v19.1.0"
    )]
    [InlineData(
        "'variables': [{ 'key': 'CI_RUNNER_VERSION', 'value': '1/evil:x' }]",
        Architecture.X64,
        "x86_64-v19.3.0"
    )]
    public void The_helper_has_the_runners_version(string job, Architecture host, string tag) =>
        Plan(job, host: host)
            .Spec.Helper.Container.Image.Should()
            .Be($"registry.gitlab.com/gitlab-org/gitlab-runner/gitlab-runner-helper:{tag}");

    [Fact]
    public void The_admins_helper_may_have_the_runners_version_in_its_name() =>
        Plan(
            "'variables': [{ 'key': 'CI_RUNNER_VERSION', 'value': '18.11.2' }]",
            "{ 'helper': { 'image': 'r.io/helper:arm-v${CI_RUNNER_VERSION}' } }"
        )
            .Spec.Helper.Container.Image.Should()
            .Be("r.io/helper:arm-v18.11.2");

    [Theory]
    [InlineData(20, "auto", ToolDelivery.Copy)]
    [InlineData(34, "auto", ToolDelivery.Copy)]
    [InlineData(35, "auto", ToolDelivery.Image)]
    [InlineData(36, "copy", ToolDelivery.Copy)]
    [InlineData(31, "image", ToolDelivery.Image)]
    public void The_tools_are_an_image_where_the_cluster_can(int minor, string setting, ToolDelivery from) =>
        Plan(settings: $"{{ 'tools': {{ 'from': '{setting}' }} }}", minor: minor).Spec.Tools.From.Should().Be(from);

    [Fact]
    public void Tools_as_an_image_on_a_server_that_knows_no_such_volume_are_the_admins_mistake()
    {
        var plan = () => Plan(settings: "{ 'tools': { 'from': 'image' } }", minor: 30);

        plan.Should()
            .Throw<DriverException>()
            .Where(e => e.Kind == FailureKind.System)
            .Which.Message.Should()
            .Be(
                "tools.from \"image\" needs Kubernetes 1.31, and the API server has 1.30. Leave the setting out, "
                    + "or say \"copy\"."
            );
    }
}
