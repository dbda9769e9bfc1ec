using CustomExecutor.EngineApi.Registry;

namespace CustomExecutor.EngineApi.Tests.Registry;

/// <summary>The header <c>WWW-Authenticate</c> as registries write it.</summary>
public sealed class AuthChallengeSpecs
{
    [Fact]
    public void A_token_services_address_service_and_scope_are_read()
    {
        var challenge = AuthChallenge
            .Parse([
                """Bearer realm="https://gitlab.example.com/jwt/auth",service="container_registry",scope="repository:a/b:pull,push",error="invalid_token" """,
            ])
            .Single();

        challenge.Scheme.Should().Be("bearer");
        challenge["realm"].Should().Be("https://gitlab.example.com/jwt/auth");
        challenge["service"].Should().Be("container_registry");
        challenge["scope"].Should().Be("repository:a/b:pull,push");
    }

    [Theory]
    [InlineData("""Basic realm="a, \"b\"", Bearer realm="c" """, "basic a, \"b\"|bearer c")]
    [InlineData("basic", "basic ")]
    [InlineData("BASIC Realm = x", "basic x")]
    [InlineData("""Negotiate, Bearer realm="c",service=d""", "negotiate |bearer c")]
    [InlineData("", "")]
    [InlineData("=", "")]
    [InlineData("""Bearer realm="unfinished""", "bearer unfinished")]
    [InlineData("Bearer realm=\"a\\\"", "bearer a\"")]
    [InlineData("Bearer realm=\"a\\", "bearer a\\")]
    public void Several_and_odd_challenges_are_read(string header, string challenges) =>
        string.Join('|', AuthChallenge.Parse([header]).Select(challenge => $"{challenge.Scheme} {challenge["realm"]}"))
            .Should()
            .Be(challenges);

    [Fact]
    public void Garbage_ends()
    {
        var random = new Random(7);
        const string letters = "aB=\", \t\\é";
        for (var i = 0; i < 20_000; i++)
        {
            AuthChallenge.Parse([
                new string([.. Enumerable.Range(0, random.Next(30)).Select(_ => letters[random.Next(letters.Length)])]),
            ]);
        }
    }

    [Theory]
    [InlineData("eyJ1c2VybmFtZSI6ImEiLCJwYXNzd29yZCI6ImIifQ==", "YTpi")]
    [InlineData("eyJ1c2VybmFtZSI6ImEiLCJwYXNzd29yZCI6ImIifQ", "YTpi")]
    [InlineData("eyJhdXRoIjoiWVRwaSJ9", "YTpi")]
    [InlineData("e30=", null)]
    [InlineData("bnVsbA==", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_login_is_read_in_the_forms_that_clients_send(string? header, string? basic) =>
        RegistryLogin.FromHeader(header).Basic.Should().Be(basic);
}
