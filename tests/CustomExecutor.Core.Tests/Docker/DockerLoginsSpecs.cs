using System.Text.Json.Nodes;
using CustomExecutor.Core.Docker;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Settings;

namespace CustomExecutor.Core.Tests.Docker;

/// <summary>A job's <c>DOCKER_AUTH_CONFIG</c> that is none, or that docker could not read.</summary>
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
    public void What_is_no_JSON_object_is_told_and_changes_nothing(string authConfig)
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
    public void Nesting_without_end_is_told_and_changes_nothing()
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
    public void What_docker_could_not_read_is_left_out_as_it_would_cost_the_job_all_its_logins(
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
    public void A_bad_entry_does_not_take_the_good_ones_with_it()
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
