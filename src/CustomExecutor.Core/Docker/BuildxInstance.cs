using System.Text.Json;
using System.Text.Json.Serialization;
using CustomExecutor.Core.Builder;

namespace CustomExecutor.Core.Docker;

/// <summary>
/// A builder as buildx stores it in <c>$BUILDX_CONFIG/instances/NAME</c> (<c>store.NodeGroup</c> in its source).
/// <c>docker buildx create</c> writes the same file, but takes 60 to 110 ms, mostly to start the plugin.
/// </summary>
public sealed record BuildxInstance(string Name, string Driver, IReadOnlyList<BuildxNode> Nodes, bool Dynamic)
{
    /// <summary>buildx 0.14.0 is the first whose remote driver knows <c>default-load</c>; older ones refuse the
    /// instance.</summary>
    public const int FirstMinorWithDefaultLoad = 14;

    /// <summary>The instance of one builder.</summary>
    /// <param name="endpoint">The builder's endpoint.</param>
    /// <param name="name">The builder's name, the value of <c>BUILDX_BUILDER</c>.</param>
    /// <param name="certificates">The directory of <c>ca.pem</c>, <c>cert.pem</c> and <c>key.pem</c>.</param>
    public static BuildxInstance For(BuilderEndpoint endpoint, string name, string certificates) =>
        new(
            name,
            "remote",
            [
                new BuildxNode(
                    name + "0",
                    endpoint.Url,
                    new Dictionary<string, string>
                    {
                        ["cacert"] = Path.Join(certificates, SecretManifest.Ca),
                        ["cert"] = Path.Join(certificates, SecretManifest.Certificate),
                        ["key"] = Path.Join(certificates, SecretManifest.Key),
                        ["servername"] = endpoint.ServerName,
                    }
                ),
            ],
            Dynamic: false
        );

    /// <summary>The instance of a builder in the job's own pod.</summary>
    /// <param name="name">The builder's name, which <c>BUILDX_BUILDER</c> then says.</param>
    /// <param name="socket">The path of buildkitd's socket.</param>
    public static BuildxInstance InPod(string name, string socket) =>
        new(
            name,
            "remote",
            [new BuildxNode(name + "0", $"unix://{socket}", new Dictionary<string, string>())],
            Dynamic: false
        );

    /// <summary>The same, with each build that has no output loaded into the Docker Engine API of
    /// <c>DOCKER_HOST</c>.</summary>
    public BuildxInstance WithDefaultLoad() =>
        this with
        {
            Nodes =
            [
                .. Nodes.Select(node =>
                    node with
                    {
                        DriverOpts = new Dictionary<string, string>(node.DriverOpts) { ["default-load"] = "true" },
                    }
                ),
            ],
        };

    /// <summary>The file's text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, BuildxJson.Default.BuildxInstance);
}

/// <summary>One node of a builder; <c>DriverOpts</c> are the options of buildx's remote driver.</summary>
public sealed record BuildxNode(string Name, string Endpoint, IReadOnlyDictionary<string, string> DriverOpts);

/// <summary>The JSON shape of buildx's instance file: Go's own field names.</summary>
[JsonSerializable(typeof(BuildxInstance))]
internal sealed partial class BuildxJson : JsonSerializerContext;
