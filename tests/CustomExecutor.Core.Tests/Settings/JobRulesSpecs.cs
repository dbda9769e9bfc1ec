namespace CustomExecutor.Core.Tests.Settings;

public sealed class JobRulesSpecs
{
    [Theory]
    [InlineData("'job': { 'image': '' }", "job.image: \"\" is not an image*")]
    [InlineData("'job': { 'image': 'a b' }", "job.image: \"a b\" has a blank*")]
    [InlineData("'job': { 'allowedImages': ['ok', 'a{b'] }", "job.allowedImages[1]: \"a{b\" has a { without*")]
    [InlineData("'job': { 'allowedServices': ['a[b'] }", "job.allowedServices[0]: \"a[b\" has a [ without*")]
    [InlineData("'job': { 'pullPolicies': [] }", "job.pullPolicies: it allows no policy at all*")]
    [InlineData(
        "'job': { 'pullPolicies': ['Always', 'Always'] }",
        "job.pullPolicies[1]: \"Always\" is there more than once*"
    )]
    [InlineData("'job': { 'pullPolicies': ['Always', 'always'] }", "job.pullPolicies[1]: \"always\" is not one of *")]
    [InlineData("'job': { 'volumeSizeLimit': '20' }", "job.volumeSizeLimit: \"20\" is only 20 bytes*")]
    [InlineData("'job': { 'volumeSizeLimit': 'much' }", "job.volumeSizeLimit: \"much\" is not a Kubernetes quantity*")]
    [InlineData("'job': { 'runAsUser': -1 }", "job.runAsUser: -1 is not between 0 and 2147483647")]
    [InlineData("'job': { 'runAsGroup': 2147483648 }", "job.runAsGroup: 2147483648 is not between*")]
    [InlineData("'job': { 'allowedUsers': [0, -5] }", "job.allowedUsers[1]: -5 is not between*")]
    [InlineData(
        "'job': { 'allowedGroups': ['0'] }",
        "job.allowedGroups[0]: \"0\" is a string, but a whole number is expected; leave out the quotes"
    )]
    [InlineData("'job': { 'securityContext': 'restricted', 'runAsUser': 0 }", "job.runAsUser: 0 is root*")]
    [InlineData(
        "'job': { 'securityContext': 'strict' }",
        "job.securityContext: \"strict\" is not one of default, restricted"
    )]
    [InlineData(
        "'job': { 'resources': { 'requests': {}, 'limits': { 'memory': '4' } } }",
        "job.resources.limits.memory: \"4\" is only 4 bytes*"
    )]
    [InlineData(
        "'services': { 'resources': { 'requests': { 'cpu': '3' } } }",
        "services.resources.requests.cpu: \"3\" is more than services.resources.limits.cpu, \"2\"*"
    )]
    [InlineData(
        "'helper': { 'resources': { 'limits': { 'cpu': '10m' } } }",
        "helper.resources.requests.cpu: \"100m\" (which is the default too) is more than*"
    )]
    [InlineData("'services': { 'limit': 101 }", "services.limit: 101 is not between 0 and 100")]
    [InlineData("'helper': { 'image': '' }", "helper.image: \"\" is not an image; leave it out for GitLab's own")]
    [InlineData("'tools': { 'image': 'a\\n' }", "tools.image: *control character")]
    [InlineData("'engine': { 'image': '' }", "engine.image: *leave it out for no Docker Engine API")]
    [InlineData("'engine': { 'storeSizeLimit': '10' }", "engine.storeSizeLimit: *only 10 bytes*")]
    [InlineData("'docker': { 'engineApi': true }", "docker.engineApi: true needs engine.image*")]
    [InlineData("'tools': { 'from': 'volume' }", "tools.from: \"volume\" is not one of auto, image, copy")]
    [InlineData("'scripts': { 'runIn': 'docker' }", "scripts.runIn: \"docker\" is not one of pod, host")]
    [InlineData("'script': { }", "script: unknown key; did you mean scripts?")]
    [InlineData("'job': { 'images': [] }", "job.images: unknown key; did you mean image?")]
    public void What_can_not_work_is_a_mistake(string keys, string mistake) => Mistake(keys).Should().Match(mistake);

    [Theory]
    [InlineData("{ 'mountPath': '/a' }", "job.volumes[0]: exactly one of persistentVolumeClaim, configMap and secret*")]
    [InlineData("{ 'mountPath': '/a', 'secret': 's', 'configMap': 'c' }", "job.volumes[0]: exactly one of*")]
    [InlineData("{ 'secret': 's' }", "job.volumes[0].mountPath: \"\" is not an absolute path*")]
    [InlineData("{ 'mountPath': 'a', 'secret': 's' }", "job.volumes[0].mountPath: \"a\" is not an absolute path*")]
    [InlineData("{ 'mountPath': '/a:b', 'secret': 's' }", "job.volumes[0].mountPath: *has a colon*")]
    [InlineData("{ 'mountPath': '//', 'secret': 's' }", "job.volumes[0].mountPath: *hide the whole image")]
    [InlineData("{ 'mountPath': '/run/job/x', 'secret': 's' }", "job.volumes[0].mountPath: *lies in /run,*")]
    [InlineData("{ 'mountPath': '/builds', 'secret': 's' }", "job.volumes[0].mountPath: *lies in /builds,*")]
    [InlineData("{ 'mountPath': '/a', 'secret': 'S' }", "job.volumes[0].secret: \"S\" is not a valid object name*")]
    [InlineData("{ 'mountPath': '/a', 'secret': 's', 'subPath': '../b' }", "job.volumes[0].subPath: *without ..")]
    [InlineData(
        "{ 'mountPath': '/a', 'secret': 's' }, { 'mountPath': '//a/', 'secret': 't' }",
        "job.volumes[1].mountPath: *another volume's place*"
    )]
    [InlineData("{ 'mountPath': '/a', 'hostPath': '/' , 'secret': 's' }", "job.volumes[0].hostPath: unknown key*")]
    public void A_volume_that_can_not_be_mounted_is_a_mistake(string volumes, string mistake) =>
        Mistake($"'job': {{ 'volumes': [{volumes}] }}").Should().Match(mistake);

    [Theory]
    [InlineData(
        "'hostAliases': [{ 'ip': '1', 'hostnames': ['a'] }]",
        "job.hostAliases[0].ip: \"1\" is not an IP address"
    )]
    [InlineData("'hostAliases': [{ 'hostnames': ['a'] }]", "job.hostAliases[0].ip: \"\" is not an IP address")]
    [InlineData("'hostAliases': [{ 'ip': '::1' }]", "job.hostAliases[0].hostnames: there is none*")]
    [InlineData(
        "'hostAliases': [{ 'ip': '::1', 'hostnames': ['a_b'] }]",
        "job.hostAliases[0].hostnames[0]: \"a_b\" is not a valid host name*"
    )]
    [InlineData("'dns': { 'policy': 'None' }", "job.dns.nameservers: policy None needs at least one*")]
    [InlineData("'dns': { 'nameservers': ['dns.example.com'] }", "job.dns.nameservers[0]: *is not an IP address")]
    [InlineData(
        "'dns': { 'nameservers': ['1.1.1.1', '1.1.1.2', '1.1.1.3', '1.1.1.4'] }",
        "job.dns.nameservers: 4 are more than 3*"
    )]
    [InlineData("'dns': { 'searches': ['A'] }", "job.dns.searches[0]: \"A\" is not a valid domain*")]
    [InlineData("'dns': { 'options': { 'a b': '' } }", "job.dns.options[\"a b\"]: is not an option*")]
    public void Names_and_addresses_that_Kubernetes_refuses_are_a_mistake(string keys, string mistake) =>
        Mistake($"'job': {{ {keys} }}").Should().Match(mistake);

    [Fact]
    public void All_mistakes_are_told_at_once() =>
        SettingsText
            .MistakesOf(
                "{ 'job': { 'image': '', 'pullPolicies': [1, 'Never', 'Never'], 'allowedUsers': [null, -1], "
                    + "'runAsUser': -1 } }"
            )
            .Should()
            .HaveCount(6);

    [Fact]
    public void A_section_that_names_limits_alone_keeps_its_own_requests()
    {
        var settings = SettingsText.Read("{ 'helper': { 'resources': { 'limits': { 'cpu': '9' } } } }");

        settings.Helper.Resources.Requests.Should().Contain("cpu", "100m");
        settings.Helper.Resources.Limits.Should().HaveCount(1);
    }

    private static string Mistake(string keys) =>
        SettingsText.MistakesOf($"{{ {keys} }}").Should().ContainSingle().Which;
}
