using static CustomExecutor.Core.Tests.JobPod.JobPodFixtures;

namespace CustomExecutor.Core.Tests.JobPod;

public sealed class UserSpecs
{
    [Theory]
    [InlineData("{}", "", null, null)]
    [InlineData("{}", "'kubernetes': { 'user': '1234' }", 1234L, null)]
    [InlineData("{}", "'kubernetes': { 'user': '1234:5678' }", 1234L, 5678L)]
    [InlineData("{}", "'kubernetes': { 'user': '$U:5678' }", 99L, 5678L)]
    [InlineData("{}", "'docker': { 'user': '1234' }", 1234L, null)]
    [InlineData("{}", "'docker': { 'user': '1' }, 'kubernetes': { 'user': '2' }", 2L, null)]
    [InlineData("{ 'allowedUsers': [0] }", "'kubernetes': { 'user': '0' }", 0L, null)]
    [InlineData("{ 'allowedUsers': [0] }", "'docker': { 'user': 'root' }", 0L, null)]
    [InlineData("{ 'allowedUsers': [7], 'allowedGroups': [0] }", "'kubernetes': { 'user': '7:0' }", 7L, 0L)]
    [InlineData("{ 'runAsUser': 5, 'runAsGroup': 6 }", "", 5L, 6L)]
    [InlineData("{ 'runAsUser': 5 }", "'kubernetes': { 'user': '5' }", 5L, null)]
    [InlineData("{ 'securityContext': 'restricted' }", "", 1000L, 1000L)]
    [InlineData("{ 'securityContext': 'restricted' }", "'kubernetes': { 'user': '1234' }", 1234L, null)]
    public void The_job_runs_as(string settings, string options, long? user, long? group)
    {
        var plan = Plan(Job(options), $"{{ 'job': {settings} }}");

        plan.Notices.Should().BeEmpty();
        (plan.Spec.Build.Confinement.User, plan.Spec.Build.Confinement.Group).Should().Be((user, group));
    }

    [Theory]
    [InlineData(
        "{}",
        "'kubernetes': { 'user': '0' }",
        null,
        "image:kubernetes:user: user \"0\" is not used: this runner does not allow user 0, which is root."
    )]
    [InlineData("{}", "'kubernetes': { 'user': '000' }", null, "*does not allow user 0*")]
    [InlineData(
        "{}",
        "'kubernetes': { 'user': '7:0' }",
        7L,
        "*group \"0\" is not used: this runner does not allow group 0*"
    )]
    [InlineData(
        "{}",
        "'docker': { 'user': 'node' }",
        null,
        "image:docker:user: user \"node\" is not used: Kubernetes wants the user's number*"
    )]
    [InlineData("{}", "'docker': { 'user': 'x\\n' }", null, "*\"x\\u000a\" is not used*")]
    [InlineData("{}", "'kubernetes': { 'user': '-1' }", null, "*wants the user's number*")]
    [InlineData("{}", "'kubernetes': { 'user': '4294967296' }", null, "*wants the user's number*")]
    [InlineData(
        "{ 'allowedUsers': [5, 6] }",
        "'kubernetes': { 'user': '7' }",
        null,
        "*does not allow user 7, only 5, 6."
    )]
    [InlineData(
        "{ 'runAsUser': 5 }",
        "'kubernetes': { 'user': '7' }",
        5L,
        "*\"7\" is not used: the runner's settings choose user 5."
    )]
    [InlineData(
        "{ 'securityContext': 'restricted', 'allowedUsers': [0] }",
        "'kubernetes': { 'user': '0' }",
        1000L,
        "*no job runs as root*"
    )]
    public void What_is_not_allowed_is_told_and_not_done(string settings, string options, long? user, string notice)
    {
        var plan = Plan(Job(options), $"{{ 'job': {settings} }}");

        plan.Notices.Should().ContainSingle().Which.Should().Match(notice);
        plan.Spec.Build.Confinement.User.Should().Be(user);
    }

    [Fact]
    public void A_service_has_its_own_user_and_not_the_jobs()
    {
        var service = Plan(
            "'services': [{ 'name': 'redis', 'executor_opts': { 'kubernetes': { 'user': '999' } } }]",
            "{ 'job': { 'runAsUser': 5 } }"
        ).Spec.Services[0];

        service.Container.Confinement.User.Should().Be(999);
    }

    private static string Job(string options) =>
        "'variables': [{ 'key': 'U', 'value': '99' }], 'image': { 'name': 'a', 'executor_opts': { " + options + " } }";
}
