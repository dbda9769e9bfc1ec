using System.Text;
using CustomExecutor.Core.Builder;
using k8s.Models;
using static CustomExecutor.Core.Tests.Builder.BuilderFixtures;

namespace CustomExecutor.Core.Tests.Builder;

public sealed class SecretManifestSpecs
{
    private static readonly ServerCredentials Credentials = new("the CA", "the certificate", "the s3cret key");

    [Fact]
    public void The_secret_goes_with_its_pod()
    {
        var secret = SecretManifest.Create(Spec(), Credentials, "11111111-2222-3333-4444-555555555555");

        secret
            .Metadata.OwnerReferences.Should()
            .ContainSingle()
            .Which.Should()
            .BeEquivalentTo(
                new V1OwnerReference
                {
                    ApiVersion = "v1",
                    Kind = "Pod",
                    Name = Name,
                    Uid = "11111111-2222-3333-4444-555555555555",
                }
            );
    }

    [Fact]
    public void It_is_found_by_the_same_name_labels_and_expiry_as_its_pod()
    {
        var spec = Spec(minor: 29);

        var secret = SecretManifest.Create(spec, Credentials, "uid");

        (secret.ApiVersion, secret.Kind, secret.Name(), secret.Namespace())
            .Should()
            .Be(("v1", "Secret", Name, "gitlab-builders"));
        secret.Labels().Should().BeEquivalentTo(spec.Labels);
        secret.Annotations().Should().BeEquivalentTo(spec.Annotations);
    }

    [Fact]
    public void It_holds_the_server_half_and_the_configuration_and_can_not_be_changed()
    {
        var secret = SecretManifest.Create(Spec(toml: "# größe\n"), Credentials, "uid");

        secret
            .Data.ToDictionary(d => d.Key, d => Encoding.UTF8.GetString(d.Value))
            .Should()
            .BeEquivalentTo(
                new Dictionary<string, string>
                {
                    ["ca.pem"] = "the CA",
                    ["cert.pem"] = "the certificate",
                    ["key.pem"] = "the s3cret key",
                    ["buildkitd.toml"] = "# größe\n",
                }
            );
        (secret.Type, secret.Immutable).Should().Be(("Opaque", true));
    }

    [Fact]
    public void Credentials_that_are_printed_show_no_key() => Credentials.ToString().Should().NotContain("s3cret");
}
