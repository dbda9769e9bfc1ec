using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CustomExecutor.EngineApi.Tests.Registry;

/// <summary>Registries with TLS: what the admin's file says of them.</summary>
public sealed class RegistriesConfigSpecs
{
    private static readonly TestImage Image = TestImage.With("one");

    [Theory]
    [InlineData("""{"registries": {"ADDRESS": {"ca": ["CA"]}}}""")]
    [InlineData("""{"registries": {"ADDRESS": {"insecure": true}}}""")]
    public async Task A_certificate_of_ones_own_is_accepted(string config)
    {
        var (printed, registry) = await Push(config);

        using (registry)
        {
            (await registry.Manifest("a", "1")).Bytes.Should().Equal(Image.Manifest);
        }

        printed.Should().Contain($"digest: {Image.ManifestDigest}");
    }

    [Theory]
    [InlineData("""{"registries": {"ADDRESS": {}}}""", "certificate")]
    [InlineData("""{"registries": {"ADDRESS": {"ca": ["/nowhere.pem"]}}}""", "/nowhere.pem (--registries-config)")]
    [InlineData("""{"registries": {"ADDRESS": {"http": true}}}""", "can't be reached")]
    public async Task What_does_not_fit_is_named(string config, string message)
    {
        var (printed, registry) = await Push(config);

        registry.Dispose();
        printed.Should().Contain(message).And.NotContain("digest:");
    }

    private static async Task<(string Printed, RealRegistry Registry)> Push(string config)
    {
        using var files = new TemporaryDirectory();
        using var certificate = Certificate();
        var registry = await RealRegistry.Start();
        await using var proxy = await FaultyRegistry.Before(registry, _ => null, certificate);
        var ca = files.Write("ca.pem", certificate.ExportCertificatePem());
        var text = config
            .Replace("ADDRESS", proxy.Address, StringComparison.Ordinal)
            .Replace("CA", ca, StringComparison.Ordinal);
        using var engine = await Engine.StartIn(files, "--registries-config", files.Write("registries.json", text));
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
