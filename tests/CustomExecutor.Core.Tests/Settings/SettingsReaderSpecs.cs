using CustomExecutor.Core.Settings;

namespace CustomExecutor.Core.Tests.Settings;

public sealed class SettingsReaderSpecs
{
    [Fact]
    public void An_empty_object_is_all_defaults() =>
        SettingsText.Read("{}").Should().BeEquivalentTo(new DriverSettings());

    [Fact]
    public void Every_key_of_the_file_is_read()
    {
        var settings = SettingsText.Read(
            """
            {
              '$schema': './settings.schema.json', 'instance': 'git.example',
              'kubernetes': { 'kubeconfig': '/etc/k', 'context': 'c', 'namespace': 'n' },
              'builder': {
                'image': 'i', 'imagePullPolicy': 'Always', 'imagePullSecrets': ['s'], 'stateSizeLimit': '1Gi', 'nodeSelector': { 'a/b': 'c', 'd': '' },
                'resources': { 'requests': { 'cpu': '1' }, 'limits': { 'cpu': '2' } },
                'tolerations': [{ 'key': 'k', 'operator': 'Equal', 'value': 'v', 'effect': 'NoExecute', 'tolerationSeconds': 5 }, { 'operator': 'Exists' }],
                'buildkitdFlags': ['--debug'], 'buildkitdConfig': '/etc/b', 'prepareTimeoutSeconds': 60
              },
              'workspace': { 'root': '/w', 'cacheRoot': '/c' }, 'scripts': { 'allowedEnvironment': ['PATH'] },
              'docker': { 'registryCredentials': false, 'cliPluginsExtraDirs': ['/p'] }, 'log': { 'path': 'stderr', 'level': 'Error' }
            }
            """
        );

        settings
            .Should()
            .BeEquivalentTo(
                new DriverSettings
                {
                    Schema = "./settings.schema.json",
                    Instance = "git.example",
                    Kubernetes = new KubernetesSettings
                    {
                        Kubeconfig = "/etc/k",
                        Context = "c",
                        Namespace = "n",
                    },
                    Builder = new BuilderSettings
                    {
                        Image = "i",
                        ImagePullPolicy = ImagePullPolicy.Always,
                        ImagePullSecrets = ["s"],
                        StateSizeLimit = "1Gi",
                        NodeSelector = new Dictionary<string, string> { ["a/b"] = "c", ["d"] = "" },
                        Resources = new ResourceSettings
                        {
                            Requests = new Dictionary<string, string> { ["cpu"] = "1" },
                            Limits = new Dictionary<string, string> { ["cpu"] = "2" },
                        },
                        Tolerations =
                        [
                            new TolerationSettings
                            {
                                Key = "k",
                                Value = "v",
                                Effect = TaintEffect.NoExecute,
                                TolerationSeconds = 5,
                            },
                            new TolerationSettings { Operator = TolerationOperator.Exists },
                        ],
                        BuildkitdFlags = ["--debug"],
                        BuildkitdConfig = "/etc/b",
                        PrepareTimeoutSeconds = 60,
                    },
                    Workspace = new WorkspaceSettings { Root = "/w", CacheRoot = "/c" },
                    Scripts = new ScriptSettings { AllowedEnvironment = ["PATH"] },
                    Docker = new DockerSettings { RegistryCredentials = false, CliPluginsExtraDirs = ["/p"] },
                    Log = new LogSettings { Path = "stderr", Level = LogLevel.Error },
                }
            );
    }

    [Fact]
    public void Comments_and_trailing_commas_are_accepted_everywhere() =>
        SettingsText
            .Read(
                "// a\n{ /* b */ 'instance': /* c */ 'x' // d\n, /* e */ 'scripts': { 'allowedEnvironment': [ /* f "
                    + "*/ 'A', // g\n ], }, } // h"
            )
            .Instance.Should()
            .Be("x");

    [Fact]
    public void A_byte_order_mark_is_accepted() =>
        SettingsText.Read("\uFEFF{ 'instance': 'x' }").Instance.Should().Be("x");

    [Fact]
    public void All_mistakes_of_shape_and_rules_are_reported_at_once()
    {
        SettingsText
            .MistakesOf(
                """
                {
                  'builder': {
                    'imagePulPolicy': 'Always',
                    'prepareTimeoutSeconds': '300',
                    'resources': { 'limits': { 'memory': '4Gb' } },
                    'tolerations': [null, { 'operator': 'Exists', 'value': 'x', 'tolerationSeconds': true }]
                  },
                  'log': { 'level': 'Info' },
                  'instance': ''
                }
                """
            )
            .Should()
            .Equal(
                "builder.imagePulPolicy: unknown key; did you mean imagePullPolicy?",
                "builder.prepareTimeoutSeconds: \"300\" is a string, but a whole number is expected; leave out the "
                    + "quotes",
                "builder.tolerations[0]: null, but an object ({...}) is expected; or leave it out",
                "builder.tolerations[1].tolerationSeconds: true is a boolean, but a whole number is expected",
                "log.level: \"Info\" is not one of Debug, Information, Warning, Error",
                "instance: \"\" is not a valid label value: at most 63 letters, digits, -, _ and ., with a letter "
                    + "or digit "
                    + "at both ends",
                "builder.resources.limits.memory: \"4Gb\" is not a Kubernetes quantity (like 500m, 4Gi)",
                "builder.tolerations[1].value: \"x\" is ignored with operator Exists; leave it out or use Equal"
            );
    }

    [Theory]
    [InlineData(
        "{ 'builder': { 'imagePulPolicy': 'Always' } }",
        "builder.imagePulPolicy: unknown key; did you mean imagePullPolicy?"
    )]
    [InlineData("{ 'Builder': {} }", "Builder: unknown key; did you mean builder?")]
    [InlineData("{ 'log': { 'levle': 'Debug' } }", "log.levle: unknown key; did you mean level?")]
    [InlineData(
        "{ 'workspace': { 'cache_root': '/c' } }",
        "workspace.cache_root: unknown key; did you mean cacheRoot?"
    )]
    public void A_misspelt_key_is_reported_with_a_suggestion(string text, string mistake) =>
        SettingsText.MistakesOf(text).Should().Equal(mistake);

    [Fact]
    public void An_unknown_key_is_reported_with_all_known_keys() =>
        SettingsText
            .MistakesOf("{ 'log': { 'colour': 'red' } }")
            .Should()
            .Equal("log.colour: unknown key; log has path, level");

    [Theory]
    [InlineData(
        "{ 'builder': { 'image': 'a', 'image': 'b' } }",
        "builder.image: the key occurs more than once; keep one"
    )]
    [InlineData("{ 'log': {}, 'log': {}, 'log': {} }", "log: the key occurs more than once; keep one")]
    [InlineData(
        "{ 'builder': { 'nodeSelector': { 'a/b': 'c', 'a/b': 'd' } } }",
        "builder.nodeSelector[\"a/b\"]: the key occurs more than once; keep one"
    )]
    public void A_duplicate_key_is_a_mistake(string text, string mistake) =>
        SettingsText.MistakesOf(text).Should().Equal(mistake);

    [Theory]
    [InlineData("[]", "the whole file: a list ([...]), but an object ({...}) is expected")]
    [InlineData("null", "the whole file: null, but an object ({...}) is expected; or leave it out")]
    [InlineData("{ 'log': 'x' }", "log: \"x\" is a string, but an object ({...}) is expected")]
    [InlineData("{ 'instance': null }", "instance: null, but a string is expected; or leave it out")]
    [InlineData("{ 'instance': 7 }", "instance: 7 is a number, but a string is expected; put it in quotes")]
    [InlineData("{ 'instance': {} }", "instance: an object ({...}), but a string is expected")]
    [InlineData("{ 'kubernetes': null }", "kubernetes: null, but an object ({...}) is expected; or leave it out")]
    [InlineData(
        "{ 'docker': { 'registryCredentials': 'true' } }",
        "docker.registryCredentials: \"true\" is a string, but true or false is expected; leave out the quotes"
    )]
    [InlineData(
        "{ 'docker': { 'registryCredentials': 1 } }",
        "docker.registryCredentials: 1 is a number, but true or false is expected"
    )]
    [InlineData(
        "{ 'docker': { 'cliPluginsExtraDirs': '/p' } }",
        "docker.cliPluginsExtraDirs: \"/p\" is a string, but a list ([...]) is expected"
    )]
    [InlineData(
        "{ 'scripts': { 'allowedEnvironment': ['A', null, 3] } }",
        "scripts.allowedEnvironment[1]: null, but a string is expected; or leave it out",
        "scripts.allowedEnvironment[2]: 3 is a number, but a string is expected; put it in quotes"
    )]
    [InlineData(
        "{ 'builder': { 'nodeSelector': { 'a': null } } }",
        "builder.nodeSelector.a: null, but a string is expected; or leave it out"
    )]
    [InlineData(
        "{ 'builder': { 'resources': { 'limits': { 'cpu': 4 } } } }",
        "builder.resources.limits.cpu: 4 is a number, but a string is expected; put it in quotes"
    )]
    [InlineData(
        "{ 'builder': { 'prepareTimeoutSeconds': 2.5 } }",
        "builder.prepareTimeoutSeconds: 2.5 is not a whole number in plain digits"
    )]
    [InlineData(
        "{ 'builder': { 'prepareTimeoutSeconds': 1e999 } }",
        "builder.prepareTimeoutSeconds: 1e999 is not a whole number in plain digits"
    )]
    [InlineData(
        "{ 'builder': { 'prepareTimeoutSeconds': 99999999999 } }",
        "builder.prepareTimeoutSeconds: 99999999999 is too large a number"
    )]
    [InlineData(
        "{ 'log': { 'level': 'debug' } }",
        "log.level: \"debug\" is not one of Debug, Information, Warning, Error"
    )]
    [InlineData(
        "{ 'log': { 'level': 0 } }",
        "log.level: 0 is a number, but one of Debug, Information, Warning, Error is expected"
    )]
    [InlineData(
        "{ 'log': { 'level': 'Debug, Error' } }",
        "log.level: \"Debug, Error\" is not one of Debug, Information, Warning, Error"
    )]
    [InlineData(
        "{ 'builder': { 'tolerations': [{ 'effect': '2' }] } }",
        "builder.tolerations[0].effect: \"2\" is not one of NoSchedule, PreferNoSchedule, NoExecute",
        "builder.tolerations[0].operator: without a key it must be Exists (which tolerates every taint); set a key "
            + "or Exists"
    )]
    public void A_value_of_a_wrong_kind_is_reported_with_the_expected_one(string text, params string[] mistakes) =>
        SettingsText.MistakesOf(text).Should().Equal(mistakes);

    [Theory]
    [InlineData("{ 'builder': { 'resources': { 'requests': { 'cpu': '8' }, 'limits': 'much' } } }")]
    [InlineData("{ 'builder': { 'resources': { 'requests': { 'cpu': '8' }, 'limts': { 'cpu': '16' } } } }")]
    [InlineData("{ 'builder': { 'resources': { 'requests': { 'cpu': '8' }, 'limits': { 'cpu': 16 } } } }")]
    [InlineData("{ 'builder': { 'tolerations': [{ 'operator': 'exists' }] } }")]
    [InlineData("{ 'builder': { 'tolerations': [{ 'Key': 'k' }] } }")]
    [InlineData("{ 'builder': { 'tolerations': [{ 'key': 'k', 'effect': 'noexecute', 'tolerationSeconds': 3 }] } }")]
    [InlineData("{ 'workspace': { 'root': 1, 'cacheRoot': '/var/lib/custom-executor/workspaces/cache' } }")]
    public void The_default_of_an_unreadable_value_is_not_a_second_mistake(string text) =>
        SettingsText.MistakesOf(text).Should().HaveCount(1);

    [Theory]
    [InlineData("{\n  'instance': 'x'\n  'log': {}\n}", "line 3, column 3: ")]
    [InlineData("{ 'instance': 'ü🙂' 'log' }", "line 1, column 21: ")]
    [InlineData("{", "line 1, column 2: ")]
    [InlineData("{} {}", "line 1, column 4: ")]
    [InlineData("{ 'instance': NaN }", "line 1, column 15: ")]
    public void A_syntax_error_is_reported_with_line_and_column(string text, string place) =>
        SettingsText
            .MessageOf(text)
            .Should()
            .StartWith("The settings file settings.json can't be read: " + place)
            .And.NotContain("LineNumber");

    [Theory]
    [InlineData("")]
    [InlineData(" \n\t")]
    [InlineData("\uFEFF")]
    public void The_error_for_an_empty_file_explains_how_to_use_the_defaults(string text) =>
        SettingsText.MessageOf(text).Should().EndWith("it is empty; write {} to use the defaults.");

    [Fact]
    public void A_mistake_is_a_system_failure()
    {
        var read = () => SettingsText.Read("[]");

        read.Should().Throw<DriverException>().Which.Kind.Should().Be(FailureKind.System);
    }
}
