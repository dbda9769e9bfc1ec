using CustomExecutor.Core.JobPod;
using static CustomExecutor.Core.Tests.JobPod.JobPodFixtures;

namespace CustomExecutor.Core.Tests.JobPod;

public sealed class ServiceSpecs
{
    [Theory]
    [InlineData("postgres:16", "", "postgres")]
    [InlineData("postgres", "db", "postgres db")]
    [InlineData("postgres@sha256:0000", "db,database  pg", "postgres db database pg")]
    [InlineData("group/postgres", "", "group-postgres")]
    [InlineData("registry.example.com/group/postgres:11", "", "registry.example.com-group-postgres")]
    [InlineData("registry.example.com:5000/postgres:11", "", "registry.example.com-postgres")]
    [InlineData("registry.example.com:5000/g/postgres:11@sha256:00", "", "registry.example.com-g-postgres")]
    [InlineData("my_service", "", "")]
    [InlineData("redis", "redis", "redis")]
    public void A_service_is_reached_by_its_images_name_and_its_aliases(string image, string alias, string names)
    {
        var plan = Plan($"'services': [{{ 'name': '{image}', 'alias': '{alias}' }}]");

        plan.Notices.Should().BeEmpty();
        plan.Spec.Services[0].HostNames.Should().Equal(names.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void An_alias_that_is_no_hosts_name_is_dropped_with_a_sentence()
    {
        var plan = Plan("'services': [{ 'name': 'redis', 'alias': 'my_redis ok Redis\\u001b' }]");

        plan.Spec.Services[0].HostNames.Should().Equal("redis", "ok");
        plan.Notices.Should().HaveCount(2);
        plan.Notices[0]
            .Should()
            .StartWith("The alias my_redis of service redis is not used: it is not a valid host name");
        plan.Notices[1].Should().Contain("Redis\\u001b");
    }

    [Fact]
    public void All_names_lead_to_the_pod_itself_before_the_admins()
    {
        var aliases = Plan(
            "'services': [{ 'name': 'redis' }, { 'name': 'postgres', 'alias': 'db' }, { 'name': 'redis:7' }]",
            "{ 'job': { 'hostAliases': [{ 'ip': '10.0.0.1', 'hostnames': ['db', 'mirror'] }] } }"
        ).Spec.HostAliases;

        aliases.Select(a => a.Ip).Should().Equal("127.0.0.1", "10.0.0.1");
        aliases[0].Hostnames.Should().Equal("redis", "postgres", "db");
    }

    [Theory]
    [InlineData("docker:dind")]
    [InlineData("registry.example.com:5000/mirror/docker:27.3-dind-rootless@sha256:00")]
    [InlineData("example.com/our-dind:1")]
    public void A_Docker_daemon_is_not_started_and_the_author_learns_what_works_instead(string image)
    {
        var plan = Plan($"'services': [{{ 'name': '{image}', 'alias': 'docker' }}, {{ 'name': 'redis' }}]");

        plan.Spec.Services.Should().ContainSingle().Which.Container.Container.Image.Should().Be("redis");
        plan.Spec.Services[0].Container.Container.Name.Should().Be("svc-0");
        plan.Notices.Should().ContainSingle().Which.Should().StartWith($"Service {image} is not started: ");
    }

    [Theory]
    [InlineData(2, 3, false)]
    [InlineData(3, 3, true)]
    [InlineData(0, 1, false)]
    [InlineData(0, 0, true)]
    public void A_job_has_no_more_services_than_are_allowed(int limit, int count, bool taken)
    {
        var job = $"'services': [{string.Join(',', Enumerable.Repeat("{ 'name': 'redis' }", count))}]";
        var settings = $"{{ 'services': {{ 'limit': {limit} }} }}";

        if (taken)
            Plan(job, settings).Spec.Services.Should().HaveCount(count);
        else
            Refusal(job, settings).Should().ContainSingle().Which.Should().Contain($"this runner allows {limit} ");
    }

    [Fact]
    public void A_services_image_must_be_allowed() =>
        Refusal("'services': [{ 'name': 'miner' }]", "{ 'job': { 'allowedServices': ['redis'] } }")
            .Should()
            .ContainSingle()
            .Which.Should()
            .StartWith("Service miner is not allowed on this runner. Allowed: redis (job.allowedServices");

    [Theory]
    [InlineData("[]", null)]
    [InlineData("[{ 'key': 'HEALTHCHECK_TCP_PORT', 'value': '5432' }]", 5432)]
    [InlineData("[{ 'key': 'HEALTHCHECK_TCP_PORT', 'value': '$PORT' }]", 99)]
    [InlineData("[{ 'key': 'HEALTHCHECK_TCP_PORT', 'value': '' }]", null)]
    public void The_job_waits_for_the_port_that_a_services_own_variable_names(string variables, int? port)
    {
        var plan = Plan(
            $"'variables': [{{ 'key': 'PORT', 'value': '99', 'public': true }}, {{ 'key': 'HEALTHCHECK_TCP_PORT', "
                + $"'value': '1' }}],"
                + $"'services': [{{ 'name': 'postgres', 'variables': {variables} }}]"
        );

        plan.Notices.Should().BeEmpty();
        plan.Spec.Services[0].HealthcheckPort.Should().Be(port);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("5432; rm -rf /")]
    [InlineData("-1")]
    public void What_is_no_port_is_told_and_not_waited_for(string port)
    {
        var plan = Plan(
            $"'services': [{{ 'name': 'pg', 'variables': [{{ 'key': 'HEALTHCHECK_TCP_PORT', 'value': '{port}' }}] }}]"
        );

        plan.Spec.Services[0].HealthcheckPort.Should().BeNull();
        plan.Notices.Should().ContainSingle().Which.Should().Contain("is not a port");
    }

    [Fact]
    public void A_service_gets_the_jobs_public_variables_and_its_own_with_secrets_apart()
    {
        var variables = Plan(
            "'variables': ["
                + "{ 'key': 'A', 'value': 'old', 'public': true }, { 'key': 'A', 'value': 'a', 'public': true },"
                + "{ 'key': 'SECRET', 'value': 's3cretword' }, { 'key': 'F', 'value': 'x', 'public': true, 'file': "
                + "true },"
                + "{ 'key': 'URL', 'value': 'https://s3cretword@h', 'public': true },"
                + "{ 'key': 'RAW', 'value': '$A', 'public': true, 'raw': true }, { 'key': 'B=C', 'value': 'x', "
                + "'public': true }"
                + "], 'services': [{ 'name': 'pg', 'variables': ["
                + "{ 'key': 'PASSWORD', 'value': 'p-${SECRET}' }, { 'key': 'A', 'value': 'own' }, { 'key': 'B', "
                + "'value': '$A$$-$NONE$' }, null ] }]"
        )
            .Spec.Services[0]
            .Variables;

        variables
            .Should()
            .BeEquivalentTo([
                new ServiceVariable("A", "own", false),
                new ServiceVariable("B", "own$-$", false),
                new ServiceVariable("URL", "https://s3cretword@h", true),
                new ServiceVariable("RAW", "$A", false),
                new ServiceVariable("PASSWORD", "p-s3cretword", true),
            ]);
    }
}
