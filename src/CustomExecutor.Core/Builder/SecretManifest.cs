using System.Text;
using k8s.Models;

namespace CustomExecutor.Core.Builder;

/// <summary>The server half of a job's certificates, PEM, and its daemon's configuration.</summary>
public sealed record ServerCredentials(string Ca, string Certificate, string Key)
{
    /// <summary>Without the key.</summary>
    public override string ToString() => nameof(ServerCredentials);
}

/// <summary>What a builder is given, as a secret that lives as long as its pod.</summary>
public static class SecretManifest
{
    public const string Ca = "ca.pem";

    public const string Certificate = "cert.pem";

    public const string Key = "key.pem";

    public const string Toml = "buildkitd.toml";

    /// <summary>The secret; Kubernetes removes it with the pod that owns it.</summary>
    /// <param name="spec">The builder.</param>
    /// <param name="credentials">The server half.</param>
    /// <param name="podUid">The uid of the pod, which exists already: an owner reference needs it.</param>
    public static V1Secret Create(BuilderSpec spec, ServerCredentials credentials, string podUid) =>
        Create(
            spec,
            podUid,
            "Opaque",
            new Dictionary<string, byte[]>
            {
                [Ca] = Encoding.ASCII.GetBytes(credentials.Ca),
                [Certificate] = Encoding.ASCII.GetBytes(credentials.Certificate),
                [Key] = Encoding.ASCII.GetBytes(credentials.Key),
                [Toml] = Encoding.UTF8.GetBytes(spec.BuildkitdToml),
            }
        );

    /// <summary>The secret of a builder's pod with any content.</summary>
    internal static V1Secret Create(BuilderSpec spec, string podUid, string type, Dictionary<string, byte[]> data) =>
        new()
        {
            ApiVersion = "v1",
            Kind = "Secret",
            Metadata = new V1ObjectMeta
            {
                Name = spec.Name,
                NamespaceProperty = spec.Namespace,
                Labels = new Dictionary<string, string>(spec.Labels),
                Annotations = new Dictionary<string, string>(spec.Annotations),
                OwnerReferences = [PodFrame.OwnerReference(spec.Name, podUid)],
            },
            Type = type,
            Immutable = true,
            Data = data,
        };
}
