using System.Text;
using System.Text.Json;
using CustomExecutor.Core.Kubernetes.ExecPlugins;
using CustomExecutor.Core.Tests.Kubernetes.Kubeconfig;

namespace CustomExecutor.Core.Tests.Kubernetes.ExecPlugins;

/// <summary>The protocol of exec plugins, as in client-go.</summary>
public sealed class ExecPluginSpecs
{
    private const string V1 = "client.authentication.k8s.io/v1";
    private const string Head = "\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\"";

    [Theory]
    [InlineData("v1")]
    [InlineData("v1beta1")]
    public void A_plugin_gets_the_required_input(string version)
    {
        var connection = KubeconfigFiles
            .With(
                user: $"exec: {{command: x, apiVersion: client.authentication.k8s.io/{version}, interactiveMode: "
                    + $"IfAvailable}}"
            )
            .Read();

        ExecInfo
            .Of(connection.User.Exec!, connection)
            .Should()
            .Be(
                $$"""{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/{{version}}","spec":{"interactive":false} }""".Replace(
                    "} }",
                    "}}",
                    StringComparison.Ordinal
                )
            );
    }

    [Fact]
    public void A_plugin_that_asks_for_the_cluster_gets_its_description()
    {
        var connection = KubeconfigFiles
            .With(
                """
                server: 'https://example.com:6443/k8s', tls-server-name: name, proxy-url: 'http://p:3128', disable-compression: true, certificate-authority: /ca,
                  extensions: [{name: client.authentication.k8s.io/exec, extension: {audience: a}}]
                """,
                $"exec: {{command: x, apiVersion: {V1}, interactiveMode: Never, provideClusterInfo: true}}"
            )
            .Beside("/ca", TestCertificates.RsaCertificate)
            .Read();

        var cluster = JsonDocument
            .Parse(ExecInfo.Of(connection.User.Exec!, connection))
            .RootElement.GetProperty("spec")
            .GetProperty("cluster");

        cluster.GetProperty("server").GetString().Should().Be("https://example.com:6443/k8s");
        cluster.GetProperty("tls-server-name").GetString().Should().Be("name");
        cluster.GetProperty("proxy-url").GetString().Should().Be("http://p:3128");
        cluster.GetProperty("disable-compression").GetBoolean().Should().BeTrue();
        Encoding
            .ASCII.GetString(cluster.GetProperty("certificate-authority-data").GetBytesFromBase64())
            .Should()
            .Be(TestCertificates.RsaCertificate);
        cluster.GetProperty("config").GetRawText().Should().Be("""{"audience":"a"}""");
        cluster.TryGetProperty("insecure-skip-tls-verify", out _).Should().BeFalse();
    }

    [Theory]
    [InlineData("{" + Head + ",\"status\":{\"token\":\"t\"}}")]
    [InlineData(
        "\n{\n\t" + Head + ",\n\t\"spec\":{},\"status\":{\"token\":\"t\",\"expirationTimestamp\":null,\"other\":1}}\n\n"
    )]
    [InlineData("kind: ExecCredential\napiVersion: client.authentication.k8s.io/v1\nstatus:\n  token: t\n")]
    [InlineData("{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"token\":\"t\"}}")]
    [InlineData("{" + Head + ",\"status\":{\"token\":\"t\",\"clientCertificateData\":\"\",\"clientKeyData\":\"\"}}")]
    public void A_token_is_accepted(string output) =>
        Read(output).Should().Be(new ExecCredentialOutput { Token = "t" });

    [Theory]
    [InlineData("2030-01-02T03:04:05Z", "2030-01-02T03:04:05Z")]
    [InlineData("2030-01-02T03:04:05+02:00", "2030-01-02T01:04:05Z")]
    [InlineData("2030-01-02T03:04:05.123456789Z", null)]
    [InlineData("2030-01-02T03:04:05.123Z", "2030-01-02T03:04:05.123Z")]
    public void A_token_may_have_an_expiry(string text, string? time)
    {
        var read = () =>
            Read("{" + Head + ",\"status\":{\"token\":\"t\",\"expirationTimestamp\":\"" + text + "\"}}").Expires;

        if (time is null)
            read().Should().BeCloseTo(DateTimeOffset.Parse("2030-01-02T03:04:05Z", null), TimeSpan.FromSeconds(1));
        else
            read().Should().Be(DateTimeOffset.Parse(time, null));
    }

    [Fact]
    public void A_certificate_is_accepted_with_its_key()
    {
        var output = Read(
            "{"
                + Head
                + ",\"status\":"
                + JsonSerializer.Serialize(
                    new Dictionary<string, string>
                    {
                        ["clientCertificateData"] = TestCertificates.EcdsaCertificate,
                        ["clientKeyData"] = TestCertificates.EcdsaSec1,
                    }
                )
                + "}"
        );

        output.ClientCertificate.Should().Be(TestCertificates.EcdsaCertificate);
        output.ClientKey.Should().Be(TestCertificates.EcdsaSec1);
    }

    [Fact]
    public void A_token_may_be_long()
    {
        var token = new string('x', 1_000_000);

        Read("{" + Head + ",\"status\":{\"token\":\"" + token + "\"}}").Token.Should().Be(token);
    }

    [Theory]
    [InlineData("", "printed nothing")]
    [InlineData(" \n", "printed nothing")]
    [InlineData("hidden-token", "printed something that is not an ExecCredential object")]
    [InlineData("[]", "printed something that is not an ExecCredential object")]
    [InlineData("null", "printed something that is not an ExecCredential object")]
    [InlineData(
        "new version of hidden-token available\n{" + Head + ",\"status\":{\"token\":\"hidden-token\"}}",
        "printed something that is not an ExecCredential object in JSON"
    )]
    [InlineData(
        "time=\"x\" level=warning\n{" + Head + ",\"status\":{\"token\":\"hidden-token\"}}",
        "printed something that is not an ExecCredential object in JSON"
    )]
    [InlineData(
        "{" + Head + ",\"status\":{\"token\":\"hidden-token",
        "printed something that is not an ExecCredential object in JSON"
    )]
    [InlineData(
        "{" + Head + ",\"status\":{\"token\":\"hidden-token\"}}\nhidden-token",
        "printed something that is not an ExecCredential object in JSON"
    )]
    [InlineData(
        "{" + Head + ",\"status\":{\"token\":\"hidden-token\"}}{}",
        "printed something that is not an ExecCredential object in JSON"
    )]
    [InlineData("{" + Head + ",\"status\":{\"token\":\"hidden-token\\ud800\"}}", "whose token is not text in Unicode")]
    [InlineData(
        "{" + Head + ",\"status\":{\"token\":\"a\",\"token\":\"hidden-token\"}}",
        "printed something that is not an ExecCredential object in JSON"
    )]
    [InlineData("{}", "whose apiVersion is not client.authentication.k8s.io/v1")]
    [InlineData(
        "{\"kind\":\"ExecCredentials\",\"status\":{\"token\":\"hidden-token\"}}",
        "whose kind is not ExecCredential"
    )]
    [InlineData("{\"kind\":[\"hidden-token\"]}", "whose kind is not text")]
    [InlineData(
        "{\"kind\":\"ExecCredential\",\"status\":{\"token\":\"hidden-token\"}}",
        "whose apiVersion is not client.authentication.k8s.io/v1,"
    )]
    [InlineData(
        "{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1beta1\"}",
        "whose apiVersion is not client.authentication.k8s.io/v1,"
    )]
    [InlineData("{" + Head + "}", "without a status")]
    [InlineData("{" + Head + ",\"status\":\"hidden-token\"}", "without a status")]
    [InlineData("{" + Head + ",\"status\":{}}", "neither a token nor a certificate")]
    [InlineData("{" + Head + ",\"status\":{\"token\":\"\"}}", "neither a token nor a certificate")]
    [InlineData("{" + Head + ",\"status\":{\"token\":7}}", "whose token is not text")]
    [InlineData(
        "{" + Head + ",\"status\":{\"token\":\"hidden-token\\r\\nX: y\"}}",
        "a character that is not allowed in an HTTP header"
    )]
    [InlineData(
        "{" + Head + ",\"status\":{\"token\":\"hidden-token\",\"expirationTimestamp\":\"tomorrow\"}}",
        "an expirationTimestamp that is not an RFC 3339 time"
    )]
    [InlineData(
        "{" + Head + ",\"status\":{\"token\":\"hidden-token\",\"clientKeyData\":\"hidden-token\"}}",
        "a certificate without its key"
    )]
    [InlineData(
        "{" + Head + ",\"status\":{\"clientCertificateData\":\"hidden-token\",\"clientKeyData\":\"hidden-token\"}}",
        "a clientCertificateData that has no certificate"
    )]
    public void Unusable_output_is_described_and_not_quoted(string output, string sentence)
    {
        var read = () => Read(output);

        read.Should().Throw<FormatException>().Which.Message.Should().Contain(sentence).And.NotContain("hidden");
    }

    private static ExecCredentialOutput Read(string output) =>
        ExecCredentialOutput.Read(Encoding.UTF8.GetBytes(output), V1);
}
