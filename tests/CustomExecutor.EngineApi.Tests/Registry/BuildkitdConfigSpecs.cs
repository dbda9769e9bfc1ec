using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CustomExecutor.EngineApi.Tests.Registry;

/// <summary>Registries with TLS: what the builder's configuration says of them.</summary>
public sealed class BuildkitdConfigSpecs
{
    private static readonly TestImage Image = TestImage.With("one");

    [Theory]
    [InlineData("ca = ['CA']")]
    [InlineData("insecure = true")]
    [InlineData("mirrors = ['nowhere.example.com']")]
    [InlineData("ca = ['CA']\nmirrors = ['nowhere.example.com']\n[[registry.\"ADDRESS\".keypair]]\nkey = 'no.pem'")]
    public async Task A_certificate_of_ones_own_is_accepted(string options)
    {
        var (printed, registry) = await Push(options);

        using (registry)
        {
            (await registry.Manifest("a", "1")).Bytes.Should().Equal(Image.Manifest);
        }

        printed.Should().Contain($"digest: {Image.ManifestDigest}");
    }

    [Theory]
    [InlineData("insecure = false", "certificate")]
    [InlineData("ca = ['/nowhere.pem']", "/nowhere.pem (--buildkitd-config)")]
    [InlineData("http = true", "can't be reached")]
    public async Task What_does_not_fit_is_named(string options, string message)
    {
        var (printed, registry) = await Push(options);

        registry.Dispose();
        printed.Should().Contain(message).And.NotContain("digest:");
    }

    [Theory]
    [InlineData("[registry.\"a:1\"]\n  http = true\n  insecure = tru", 3)]
    [InlineData("debug = true\n[registry.\"a:1\"]\n  http = \"yes\"", 3)]
    [InlineData("[registry.\"a:1\"]\nca = \"/etc/ca.pem\"", 2)]
    [InlineData("[registry.\"a:1\"]\nca = [1]", 2)]
    [InlineData("registry = 1", 1)]
    [InlineData("[registry]\n\"a:1\" = true", 2)]
    [InlineData("[registry.\"a:1\"]\nhttp = true\nhttp = false", 3)]
    [InlineData("[registry.a:1]", 1)]
    [InlineData("{\"registries\": {}}", 1)]
    public async Task A_broken_file_is_named_with_the_line_and_the_remedy(string text, int line)
    {
        using var files = new TemporaryDirectory();
        var file = files.Write("buildkitd.toml", text);

        var start = async () => await Engine.StartIn(files, "--buildkitd-config", file);

        (await start.Should().ThrowAsync<InvalidOperationException>()).WithMessage(
            $"*can't start: {file} (--buildkitd-config) is not valid: line {line}: *[registry.\"HOST:PORT\"]*"
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\r\n")]
    [InlineData("root = '/x'\n[worker.oci]\n  gc = true\n[[worker.oci.gcpolicy]]\n  keepBytes = '5GB'\n[registry]\n")]
    public async Task A_file_without_registries_is_accepted(string text)
    {
        using var files = new TemporaryDirectory();

        using var engine = await Engine.StartIn(files, "--buildkitd-config", files.Write("buildkitd.toml", text));

        (await engine.Names()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_missing_file_is_named()
    {
        using var files = new TemporaryDirectory();

        var start = async () => await Engine.StartIn(files, "--buildkitd-config", "/nowhere/buildkitd.toml");

        (await start.Should().ThrowAsync<InvalidOperationException>()).WithMessage(
            "*can't start: *'/nowhere/buildkitd.toml'*"
        );
    }

    private static async Task<(string Printed, RealRegistry Registry)> Push(string options)
    {
        using var files = new TemporaryDirectory();
        using var certificate = Certificate();
        var registry = await RealRegistry.Start();
        await using var proxy = await FaultyRegistry.Before(registry, _ => null, certificate);
        var ca = files.Write("ca.pem", certificate.ExportCertificatePem());
        var text = $"[worker.oci]\ngc = true\n[registry.\"{proxy.Address}\"]\n{options}\n"
            .Replace("ADDRESS", proxy.Address, StringComparison.Ordinal)
            .Replace("CA", ca, StringComparison.Ordinal);
        using var engine = await Engine.StartIn(files, "--buildkitd-config", files.Write("buildkitd.toml", text));
        using var docker = new DockerCommand(engine);
        await engine.Load(Image.Archive($"{proxy.Address}/a:1"));

        var result = await docker.Run("push", $"{proxy.Address}/a:1");

        return (result.StandardOutput + result.StandardError, registry);
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=registry", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
