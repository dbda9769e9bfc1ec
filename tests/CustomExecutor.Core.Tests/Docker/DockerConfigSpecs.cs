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
    public void The_logins_that_GitLab_sent_are_the_jobs() =>
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
    public void For_one_registry_the_authors_login_wins_however_it_is_written(string registry) =>
        Auths(Create(AuthConfig(registry, Authors)))
            .Should()
            .Equal(new Dictionary<string, string> { [registry] = Authors });

    [Fact]
    public void An_authors_registry_in_capitals_still_wins_though_docker_would_not_find_it_by_that_name() =>
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
    public void A_store_that_is_not_installed_is_left_out_and_costs_no_login()
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
    public void A_store_that_is_installed_is_not_asked_for_registries_that_have_a_login()
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
    public void A_helper_that_is_not_installed_gives_way_where_the_registry_has_a_login(string registry, int warnings)
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
    public void A_login_for_another_place_takes_none_away(string registry) =>
        Auths(Create(AuthConfig(registry, Authors))).Should().HaveCount(2).And.Contain("registry.example.com", GitLabs);

    [Fact]
    public void Helpers_for_credentials_are_the_authors_choice()
    {
        var config = Json(Create("""{"credsStore":"pass","credHelpers":{"a.example.com":"ecr-login"}}"""));

        config["credsStore"]!.GetValue<string>().Should().Be("pass");
        config["credHelpers"]!["a.example.com"]!.GetValue<string>().Should().Be("ecr-login");
        config["auths"]!.AsObject().Should().ContainKey("registry.example.com");
    }

    [Fact]
    public void What_is_no_login_is_not_taken_over()
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
    public void Nothing_to_add_is_no_mistake(string authConfig) =>
        Create(authConfig).Should().BeEquivalentTo(Create(null));

    [Fact]
    public void A_login_without_address_or_user_is_left_out()
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
    public void A_config_that_is_printed_shows_no_secret() => Create(null).ToString().Should().NotContain(GitLabs);

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
