namespace CustomExecutor.Core.Tests.Settings;

public sealed class SettingsRulesSpecs
{
    private const string LongName = "a123456789012345678901234567890123456789012345678901234567890123";

    [Theory]
    [InlineData("")]
    [InlineData("-a")]
    [InlineData("a.")]
    [InlineData("a b")]
    [InlineData("ä")]
    [InlineData("a\\n")]
    [InlineData(LongName)]
    public void An_instance_that_is_no_label_value_is_a_mistake(string instance) =>
        SettingsText
            .MistakesOf($"{{ 'instance': '{instance}' }}")
            .Should()
            .ContainSingle()
            .Which.Should()
            .StartWith("instance: ")
            .And.Contain("is no label value");

    [Theory]
    [InlineData("")]
    [InlineData("Builders")]
    [InlineData("a.b")]
    [InlineData("-a")]
    [InlineData(LongName)]
    public void A_namespace_that_Kubernetes_would_not_take_is_a_mistake(string name) =>
        SettingsText
            .MistakesOf($"{{ 'kubernetes': {{ 'namespace': '{name}' }} }}")
            .Should()
            .ContainSingle()
            .Which.Should()
            .StartWith("kubernetes.namespace: ")
            .And.Contain("is no namespace's name");

    [Fact]
    public void An_empty_context_is_a_mistake() =>
        SettingsText
            .MistakesOf("{ 'kubernetes': { 'context': '' } }")
            .Should()
            .Equal("kubernetes.context: \"\" names no context; leave it out for the kubeconfig's current one");

    [Theory]
    [InlineData(
        "'hide': ['/']",
        "scriptSandbox.hide[0]: \"/\" would leave a script nothing to run; name what it may not reach"
    )]
    [InlineData(
        "'hide': ['/a'], 'allow': ['/b', '/a/']",
        "scriptSandbox.allow[1]: \"/a/\" is in scriptSandbox.hide as well; leave it out of one of them"
    )]
    [InlineData(
        "'allow': ['/w/4711']",
        "scriptSandbox.allow[0]: \"/w/4711\" lies in workspace.root (/w), among other jobs' files; a job has its "
            + "own of them anyway"
    )]
    [InlineData("'mode': 'Auto'", "scriptSandbox.mode: \"Auto\" is not one of auto, always, never")]
    [InlineData("'mode': true", "scriptSandbox.mode: true is a boolean, one of auto, always, never is expected")]
    public void A_sandbox_that_can_not_be_meant_is_a_mistake(string keys, string mistake) =>
        SettingsText
            .MistakesOf($"{{ 'workspace': {{ 'root': '/w' }}, 'scriptSandbox': {{ {keys} }} }}")
            .Should()
            .Equal(mistake);

    [Theory]
    [InlineData("'kubernetes': { 'kubeconfig': 'k' }", "kubernetes.kubeconfig")]
    [InlineData("'scriptSandbox': { 'hide': ['h'] }", "scriptSandbox.hide[0]")]
    [InlineData("'scriptSandbox': { 'allow': ['/a', 'h'] }", "scriptSandbox.allow[1]")]
    [InlineData("'kubernetes': { 'kubeconfig': '' }", "kubernetes.kubeconfig")]
    [InlineData("'builder': { 'buildkitdConfig': './b.toml' }", "builder.buildkitdConfig")]
    [InlineData("'workspace': { 'root': 'w' }", "workspace.root")]
    [InlineData("'workspace': { 'root': '~/w' }", "workspace.root")]
    [InlineData("'workspace': { 'cacheRoot': 'c' }", "workspace.cacheRoot")]
    [InlineData("'docker': { 'cliPluginsExtraDirs': ['/p', 'q'] }", "docker.cliPluginsExtraDirs[1]")]
    [InlineData("'log': { 'path': 'stdout' }", "log.path")]
    public void A_relative_path_is_a_mistake(string keys, string path) =>
        SettingsText
            .MistakesOf($"{{ {keys} }}")
            .Should()
            .ContainSingle()
            .Which.Should()
            .StartWith(path + ": ")
            .And.Contain("is not an absolute path");

    [Theory]
    [InlineData("/var/lib/../../tmp", "has a step of . or ..")]
    [InlineData("/tmp/.", "has a step of . or ..")]
    [InlineData("/a\\u0000b", "has a control character")]
    [InlineData("/", "is not the driver's alone")]
    [InlineData("//", "is not the driver's alone")]
    [InlineData("/tmp", "is not the driver's alone")]
    [InlineData("//var//tmp/", "is not the driver's alone")]
    [InlineData("/var/lib", "is not the driver's alone")]
    public void A_workspace_root_that_others_use_is_a_mistake(string root, string mistake) =>
        SettingsText
            .MistakesOf($"{{ 'workspace': {{ 'root': '{root}' }} }}")
            .Should()
            .ContainSingle()
            .Which.Should()
            .StartWith("workspace.root: ")
            .And.Contain(mistake);

    [Theory]
    [InlineData("/w")]
    [InlineData("/w/cache")]
    [InlineData("//w/./cache", "has a step")]
    [InlineData("/w//")]
    public void A_cache_within_the_workspaces_is_a_mistake(
        string cache,
        string mistake = "lies within workspace.root"
    ) =>
        SettingsText
            .MistakesOf($"{{ 'workspace': {{ 'root': '/w/', 'cacheRoot': '{cache}' }} }}")
            .Should()
            .ContainSingle()
            .Which.Should()
            .StartWith("workspace.cacheRoot: ")
            .And.Contain(mistake);

    [Fact]
    public void A_cache_beside_the_workspaces_is_fine() =>
        SettingsText
            .Read("{ 'workspace': { 'root': '/srv/w', 'cacheRoot': '/srv/w-cache' } }")
            .Workspace.CacheRoot.Should()
            .Be("/srv/w-cache");

    [Theory]
    [InlineData("", "names no variable")]
    [InlineData("*", "would show scripts everything")]
    [InlineData("A=b", "has a value")]
    [InlineData("A B", "is no variable's name")]
    [InlineData("A\\u0000", "is no variable's name")]
    [InlineData("A*B", "has a * before its end")]
    [InlineData("**", "has a * before its end")]
    [InlineData("CUSTOM_ENV_CI", "is a job variable")]
    [InlineData("CUSTOM_ENV_*", "is a job variable")]
    public void A_variable_that_can_not_be_allowed_is_a_mistake(string name, string mistake) =>
        SettingsText
            .MistakesOf($"{{ 'scripts': {{ 'allowedEnvironment': ['PATH', '{name}'] }} }}")
            .Should()
            .ContainSingle()
            .Which.Should()
            .StartWith("scripts.allowedEnvironment[1]: ")
            .And.Contain(mistake);

    [Fact]
    public void A_log_that_is_a_directory_is_a_mistake() =>
        SettingsText
            .MistakesOf("{ 'log': { 'path': '/var/log/' } }")
            .Should()
            .Equal("log.path: \"/var/log/\" is a directory; name a file in it");
}
