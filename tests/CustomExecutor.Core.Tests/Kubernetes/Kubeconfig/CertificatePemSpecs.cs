using CustomExecutor.Core.Kubernetes.Kubeconfig;

namespace CustomExecutor.Core.Tests.Kubernetes.Kubeconfig;

public sealed class CertificatePemSpecs
{
    public static TheoryData<string, string> Pairs =>
        new()
        {
            { TestCertificates.RsaCertificate, TestCertificates.RsaPkcs1 },
            { TestCertificates.RsaCertificate, TestCertificates.RsaPkcs8 },
            { TestCertificates.EcdsaCertificate, TestCertificates.EcdsaSec1 },
            { TestCertificates.EcdsaCertificate, TestCertificates.EcdsaPkcs8 },
            {
                "Certificate:\n    Data: text of openssl\n" + TestCertificates.EcdsaCertificate,
                "Bag Attributes\n    x: y\n" + TestCertificates.EcdsaPkcs8
            },
            {
                TestCertificates.EcdsaCertificate + TestCertificates.EcdsaPkcs8,
                TestCertificates.EcdsaCertificate + TestCertificates.EcdsaPkcs8
            },
            {
                TestCertificates.RsaCertificate.Replace("\n", "\r\n", StringComparison.Ordinal),
                TestCertificates.RsaPkcs8.Replace("\n", "\r\n", StringComparison.Ordinal)
            },
        };

    public static TheoryData<string, string, bool, string> Mistakes =>
        new()
        {
            { "", TestCertificates.RsaPkcs1, false, "has no certificate" },
            { TestCertificates.RsaPkcs1, TestCertificates.RsaPkcs1, false, "has no certificate" },
            { TestCertificates.RsaCertificate[..^60], TestCertificates.RsaPkcs1, false, "has no certificate" },
            {
                "-----BEGIN CERTIFICATE-----\nYQ==\n-----END CERTIFICATE-----",
                TestCertificates.RsaPkcs1,
                false,
                "can't be read"
            },
            { TestCertificates.RsaCertificate, "", true, "has no private key" },
            { TestCertificates.RsaCertificate, TestCertificates.RsaPkcs1[..^60], true, "has no private key" },
            {
                TestCertificates.RsaCertificate,
                "-----BEGIN PRIVATE KEY-----\nYQ==\n-----END PRIVATE KEY-----",
                true,
                "can't be read as a key"
            },
            { TestCertificates.RsaCertificate, TestCertificates.EcdsaPkcs8, true, "can't be read as a key" },
            { TestCertificates.EcdsaCertificate, TestCertificates.RsaPkcs1, true, "can't be read as a key" },
            {
                TestCertificates.RsaCertificate,
                System.Security.Cryptography.RSA.Create(2048).ExportPkcs8PrivateKeyPem(),
                true,
                "is not the certificate's key"
            },
            { TestCertificates.EcdsaCertificate, TestCertificates.Encrypted, true, "is encrypted" },
            { TestCertificates.RsaCertificate, TestCertificates.LegacyEncrypted, true, "is encrypted" },
            { TestCertificates.Ed25519Certificate, TestCertificates.Ed25519Key, true, "is an Ed25519 key" },
        };

    [Theory]
    [MemberData(nameof(Pairs), DisableDiscoveryEnumeration = true)]
    public void Keys_of_every_type_are_accepted(string certificate, string key)
    {
        var loaded = CertificatePem.Load(certificate, key);

        loaded.Should().ContainSingle().Which.HasPrivateKey.Should().BeTrue();
        CertificatePem.Mistake(certificate, key).Should().BeNull();
    }

    [Theory]
    [MemberData(nameof(Mistakes), DisableDiscoveryEnumeration = true)]
    public void An_unusable_certificate_or_key_is_described_and_not_quoted(
        string certificate,
        string key,
        bool inKey,
        string sentence
    )
    {
        var mistake = CertificatePem.Mistake(certificate, key);

        mistake!.Value.InKey.Should().Be(inKey);
        mistake.Value.Sentence.Should().Contain(sentence).And.NotContain("BEGIN").And.NotContain("\n");
    }

    [Fact]
    public void The_chain_follows_the_client_certificate()
    {
        var loaded = CertificatePem.Load(
            TestCertificates.EcdsaCertificate + TestCertificates.RsaCertificate,
            TestCertificates.EcdsaPkcs8
        );

        loaded.Select(c => (c.Subject, c.HasPrivateKey)).Should().Equal(("CN=ecdsa", true), ("CN=rsa", false));
    }

    [Fact]
    public void A_bundle_keeps_all_its_certificates_and_skips_other_blocks()
    {
        var bundle =
            "# comment\n"
            + TestCertificates.RsaCertificate
            + "-----BEGIN CERTIFICATE-----\nYQ==\n-----END CERTIFICATE-----\n"
            + TestCertificates.RsaPkcs1
            + TestCertificates.EcdsaCertificate;

        CertificatePem
            .Authorities(bundle)
            .Should()
            .Be(TestCertificates.RsaCertificate + TestCertificates.EcdsaCertificate);
    }

    [Theory]
    [InlineData("")]
    [InlineData("text")]
    [InlineData("-----BEGIN CERTIFICATE-----\nYQ==\n-----END CERTIFICATE-----\n")]
    public void A_bundle_without_certificates_is_null(string bundle) =>
        CertificatePem.Authorities(bundle).Should().BeNull();
}
