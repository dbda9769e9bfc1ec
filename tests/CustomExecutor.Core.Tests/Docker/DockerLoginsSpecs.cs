using System.Text.Json.Nodes;
using CustomExecutor.Core.Docker;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Settings;

namespace CustomExecutor.Core.Tests.Docker;

/// <summary>An invalid <c>DOCKER_AUTH_CONFIG</c> of a job.</summary>
public sealed class DockerLoginsSpecs
{
    private static readonly JobCredentials Login = new("registry", "registry.example.com", "gitlab-ci-token", "s3cret");

    [Theory]
    [InlineData("s3cret")]
    [InlineData("/builds/group/project.tmp/DOCKER_AUTH_CONFIG")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("42")]
    [InlineData("""{"auths":{"\ud800":{}}}""")]
    [InlineData("""{"credsStore":"\ud800"}""")]
    [InlineData("""{"auths":{"x.example.com":{"identitytoken":"\ud800"}}}""")]
    public void Text_that_is_not_a_JSON_object_is_reported_and_changes_nothing(string authConfig)
    {
        var config = Create(authConfig);

        config.Json.Should().Be(Create(null).Json);
        config
            .Warnings.Should()
            .ContainSingle()
            .Which.Should()
            .StartWith("DOCKER_AUTH_CONFIG is not used")
            .And.NotContain("s3cret");
    }

    [Fact]
    public void Very_deep_nesting_is_reported_and_changes_nothing()
    {
        var config = Create("""{"auths":{"x":""" + new string('[', 60_000));

        config.Json.Should().Be(Create(null).Json);
        config.Warnings.Should().ContainSingle();
    }

    [Theory]
    [InlineData("""{"auths":"x"}""", "auths")]
    [InlineData("""{"auths":[]}""", "auths")]
    [InlineData("""{"credHelpers":"x"}""", "credHelpers")]
    [InlineData("""{"credHelpers":{"x.example.com":{}}}""", "credHelpers[x.example.com]")]
    [InlineData("""{"credsStore":{}}""", "credsStore")]
    [InlineData("""{"credsStore":5}""", "credsStore")]
    [InlineData("""{"auths":{"x.example.com":"s3cret"}}""", "auths[x.example.com]")]
    [InlineData("""{"auths":{"x.example.com":{"auth":"s3cret!"}}}""", "auths[x.example.com]")]
    [InlineData("""{"auths":{"x.example.com":{"auth":"bm9jb2xvbg=="}}}""", "auths[x.example.com]")]
    [InlineData("""{"auths":{"x.example.com":{"auth":"OnMzY3JldA=="}}}""", "auths[x.example.com]")]
    [InlineData("""{"auths":{"x.example.com":{"auth":" YXV0aG9yOnB3"}}}""", "auths[x.example.com]")]
    [InlineData("""{"auths":{"x.example.com":{"auth":"YXV0aG9yOnB3\t"}}}""", "auths[x.example.com]")]
    [InlineData("""{"auths":{"x.example.com":{"auth":5}}}""", "auths[x.example.com]")]
    [InlineData("""{"auths":{"x.example.com":{"password":5}}}""", "auths[x.example.com]")]
    [InlineData("""{"auths":{"x\n\u001b[0K":5}}""", "auths[x\\u000a\\u001b[0K]")]
    public void Entries_that_docker_cannot_read_are_omitted_because_docker_would_ignore_the_whole_file(
        string authConfig,
        string place
    )
    {
        var config = Create(authConfig);

        config.Json.Should().Be(Create(null).Json);
        config
            .Warnings.Should()
            .ContainSingle()
            .Which.Should()
            .Contain(place)
            .And.NotContain("s3cret")
            .And.NotContainAny("\n", "\u001b");
    }

    [Fact]
    public void A_bad_entry_does_not_affect_good_ones()
    {
        var config = Create(
            """
            {"auths":{"bad.example.com":5,"good.example.com":{"auth":"YXV0aG9yOnB3","extra":[1]},"token.example.com":{"identitytoken":"t"},"none.example.com":{}}}
            """
        );

        JsonNode.Parse(config.Json)!["auths"]!
            .AsObject()
            .Select(a => a.Key)
            .Should()
            .Equal("registry.example.com", "good.example.com", "token.example.com", "none.example.com");
        config
            .Warnings.Should()
            .ContainSingle()
            .Which.Should()
            .Contain("bad.example.com")
            .And.NotContain("good.example.com");
    }

    [Fact]
    public void A_warning_about_thousands_of_entries_is_short()
    {
        var entries = string.Join(',', Enumerable.Range(0, 5000).Select(n => $"\"{n}.example.com\":5"));

        Create("{\"auths\":{" + entries + "}}").Warnings.Single().Length.Should().BeLessThan(1000);
    }

    private static DockerConfig Create(string? authConfig) =>
        DockerConfig.Create([Login], authConfig, new DockerSettings(), _ => true);
}
