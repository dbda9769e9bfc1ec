using System.Text.Json.Nodes;
using CustomExecutor.Core.Docker;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Settings;

namespace CustomExecutor.Core.Tests.Docker;

public sealed class DockerConfigSpecs
{
    private const string Authors = "YXV0aG9yOnB3"; // author:pw
    private const string GitLabs = "Z2l0bGFiLWNpLXRva2VuOnMzY3JldA=="; // gitlab-ci-token:s3cret

    private static readonly JobCredentials Login = new("registry", "registry.example.com", "gitlab-ci-token", "s3cret");

    [Fact]
    public void The_job_gets_the_logins_that_GitLab_sent() =>
        Create(null).Json.Should().Be(AuthConfig("registry.example.com", GitLabs));

    [Fact]
    public void The_authors_logins_are_added() =>
        Auths(Create(AuthConfig("other.example.com", Authors)))
            .Should()
            .BeEquivalentTo(
                new Dictionary<string, string> { ["registry.example.com"] = GitLabs, ["other.example.com"] = Authors }
            );

    [Theory]
    [InlineData("registry.example.com")]
    [InlineData("https://registry.example.com")]
    [InlineData("https://registry.example.com/v2/")]
    public void The_authors_login_wins_for_the_same_registry_in_any_spelling(string registry) =>
        Auths(Create(AuthConfig(registry, Authors)))
            .Should()
            .Equal(new Dictionary<string, string> { [registry] = Authors });

    [Fact]
    public void An_authors_registry_in_capitals_also_wins_and_docker_finds_it() =>
        Auths(Create(AuthConfig("http://Registry.Example.com/", Authors)))
            .Should()
            .Equal(new Dictionary<string, string> { ["registry.example.com"] = Authors });

    [Theory]
    [InlineData("""{"AUTHS":{"other.example.com":{"Auth":"YXV0aG9yOnB3"}}}""")]
    [InlineData(
        """{"auths":{"other.example.com":{"auth":"x"}},"auths":{"other.example.com":{"auth":"YXV0aG9yOnB3"}}}"""
    )]
    [InlineData("""{"auths":{"other.example.com":{"auth":"YXV0aG9yOnB3","unknown":[1,{}]}},"unknown":5}""")]
    [InlineData("""{"other.example.com":{"auth":"YXV0aG9yOnB3","email":"a@example.com"}}""")]
    public void A_login_is_found_in_every_shape_that_docker_reads(string authConfig) =>
        Auths(Create(authConfig))
            .Should()
            .Contain("other.example.com", Authors)
            .And.Contain("registry.example.com", GitLabs);

    [Fact]
    public void Logins_without_auths_around_them_are_used_and_reported() =>
        Create("""{"other.example.com":{"auth":"YXV0aG9yOnB3"}}""")
            .Warnings.Should()
            .ContainSingle()
            .Which.Should()
            .Contain("\"auths\"");

    [Fact]
    public void A_missing_store_is_omitted_and_no_login_is_lost()
    {
        var config = Create(
            """{"credsStore":"desktop","auths":{"other.example.com":{"auth":"YXV0aG9yOnB3"}}}""",
            hasHelper: false
        );

        Auths(config).Should().HaveCount(2);
        Json(config).Should().NotContainKeys("credsStore", "credHelpers");
        config
            .Warnings.Should()
            .ContainSingle()
            .Which.Should()
            .Contain("docker-credential-desktop")
            .And.Contain("PATH");
    }

    [Fact]
    public void An_installed_store_is_not_used_for_registries_with_a_login()
    {
        var config = Json(
            Create(
                """{"credsStore":"pass","auths":{"https://other.example.com/v2/":{"auth":"YXV0aG9yOnB3"},"https://index.docker.io/v1/":{}}}"""
            )
        );

        var helpers = config["credHelpers"]!.AsObject();
        foreach (var registry in (string[])["registry.example.com", "other.example.com", "https://index.docker.io/v1/"])
            helpers[registry]!.GetValue<string>().Should().BeEmpty(registry);
    }

    [Theory]
    [InlineData("registry.example.com", 1)]
    [InlineData("cloud.example.com", 0)]
    public void A_missing_helper_is_omitted_if_the_registry_has_a_login(string registry, int warnings)
    {
        var config = Create("{\"credHelpers\":{\"" + registry + "\":\"ecr-login\"}}", hasHelper: false);

        config.Warnings.Should().HaveCount(warnings);
        (Json(config)["credHelpers"] is null).Should().Be(warnings == 1);
        Auths(config).Should().Contain("registry.example.com", GitLabs);
    }

    [Fact]
    public void An_author_may_write_one_registry_twice() =>
        Auths(
                Create(
                    """{"auths":{"registry.example.com":{"auth":"YXV0aG9yOnB3"},"https://registry.example.com":{"auth":"YXV0aG9yOnB3"}}}"""
                )
            )
            .Should()
            .HaveCount(2);

    [Theory]
    [InlineData("registry.example.com:5050")]
    [InlineData("registry.example.com/group/project")]
    [InlineData("example.com")]
    public void A_login_for_another_registry_replaces_none(string registry) =>
        Auths(Create(AuthConfig(registry, Authors))).Should().HaveCount(2).And.Contain("registry.example.com", GitLabs);

    [Fact]
    public void The_author_can_choose_credential_helpers()
    {
        var config = Json(Create("""{"credsStore":"pass","credHelpers":{"a.example.com":"ecr-login"}}"""));

        config["credsStore"]!.GetValue<string>().Should().Be("pass");
        config["credHelpers"]!["a.example.com"]!.GetValue<string>().Should().Be("ecr-login");
        config["auths"]!.AsObject().Should().ContainKey("registry.example.com");
    }

    [Fact]
    public void Other_keys_than_logins_are_ignored()
    {
        var config = Create(
            """
            {"cliPluginsExtraDirs":["/evil"],"plugins":{"x":{"hooks":"build"}},"aliases":{"builder":"evil"},"proxies":{"default":{"httpProxy":"evil"}},
             "currentContext":"evil","HttpHeaders":{"X":"evil"},"HttpHeaders2":{"evil":{}},"features":{"hooks":"true"},"auths":{}}
            """,
            new DockerSettings { CliPluginsExtraDirs = ["/usr/libexec/docker/cli-plugins"] }
        );

        config.Json.Should().NotContain("evil");
        Json(config).Select(m => m.Key).Should().Equal("cliPluginsExtraDirs", "auths");
        Json(config)["cliPluginsExtraDirs"]!.ToJsonString().Should().Be("""["/usr/libexec/docker/cli-plugins"]""");
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData("{}")]
    [InlineData("""{"auths":null,"credHelpers":null,"credsStore":null}""")]
    public void An_empty_DOCKER_AUTH_CONFIG_is_accepted(string authConfig) =>
        Create(authConfig).Should().BeEquivalentTo(Create(null));

    [Fact]
    public void A_login_without_address_or_user_is_omitted()
    {
        var config = DockerConfig.Create(
            [
                new("registry", null, "u", "p"),
                new("registry", "", "u", "p"),
                new("registry", "a.example.com", null, null),
                new("registry", "b.example.com", "u", null),
            ],
            null,
            new DockerSettings(),
            _ => true
        );

        config.Json.Should().Be("""{"auths":{"b.example.com":{"auth":"dTo="}}}""");
    }

    [Fact]
    public void The_admin_can_switch_logins_off_and_keep_the_plugins()
    {
        var settings = new DockerSettings { RegistryCredentials = false, CliPluginsExtraDirs = ["/opt/plugins"] };

        Create("""{"auths":{"x.example.com":{}}}""", settings)
            .Should()
            .BeEquivalentTo(new DockerConfig("""{"cliPluginsExtraDirs":["/opt/plugins"]}""", []));
        Create("no json", settings).Warnings.Should().BeEmpty();
    }

    [Fact]
    public void A_printed_config_shows_no_secret() => Create(null).ToString().Should().NotContain(GitLabs);

    private static DockerConfig Create(string? authConfig, DockerSettings? settings = null, bool hasHelper = true) =>
        DockerConfig.Create([Login], authConfig, settings ?? new DockerSettings(), _ => hasHelper);

    private static string AuthConfig(string registry, string auth) =>
        new JsonObject
        {
            ["auths"] = new JsonObject { [registry] = new JsonObject { ["auth"] = auth } },
        }.ToJsonString();

    private static JsonObject Json(DockerConfig config) => JsonNode.Parse(config.Json)!.AsObject();

    private static Dictionary<string, string> Auths(DockerConfig config) =>
        Json(config)["auths"]!.AsObject().ToDictionary(a => a.Key, a => a.Value!["auth"]!.GetValue<string>());
}
