using CustomExecutor.Core.Kubernetes;
using CustomExecutor.Core.Kubernetes.Kubeconfig;

namespace CustomExecutor.Core.Tests.Kubernetes;

public sealed class ImpersonationHeadersSpecs
{
    [Fact]
    public void All_impersonation_fields_become_headers() =>
        Headers(
                new Impersonation(
                    "jane",
                    "42",
                    ["dev", "ops"],
                    new Dictionary<string, IReadOnlyList<string>> { ["scopes"] = ["a", "b"] }
                )
            )
            .Should()
            .Equal(
                "Impersonate-User: jane",
                "Impersonate-Uid: 42",
                "Impersonate-Group: dev",
                "Impersonate-Group: ops",
                "Impersonate-Extra-scopes: a",
                "Impersonate-Extra-scopes: b"
            );

    [Fact]
    public void A_user_alone_is_one_header() =>
        Headers(new Impersonation("jane", null, [], new Dictionary<string, IReadOnlyList<string>>()))
            .Should()
            .Equal("Impersonate-User: jane");

    [Theory]
    [InlineData("example.com/tenant", "example.com%2Ftenant")]
    [InlineData("100%", "100%25")]
    [InlineData("a b:c", "a%20b%3Ac")]
    [InlineData("MiXed-_.~!", "MiXed-_.~!")]
    [InlineData("grün", "gr%C3%BCn")]
    [InlineData("\r\nX: y", "%0D%0AX%3A%20y")]
    public void A_key_is_escaped_as_client_go_does_it(string key, string escaped) =>
        Headers(new Impersonation("u", null, [], new Dictionary<string, IReadOnlyList<string>> { [key] = ["v"] }))
            .Should()
            .Equal("Impersonate-User: u", $"Impersonate-Extra-{escaped}: v");

    private static IEnumerable<string> Headers(Impersonation impersonation) =>
        ImpersonationHeaders.Of(impersonation).Select(h => $"{h.Name}: {h.Value}");
}
