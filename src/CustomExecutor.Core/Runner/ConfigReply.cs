using System.Text.Json;
using System.Text.Json.Serialization;

namespace CustomExecutor.Core.Runner;

/// <summary>What config tells the runner, in the runner's words (<c>ConfigExecOutput</c> in its source).</summary>
public sealed record ConfigReply(
    ConfigReplyDriver Driver,
    string BuildsDir,
    string CacheDir,
    bool BuildsDirIsShared,
    string Shell
)
{
    /// <summary>
    /// The reply for one attempt. The builds directory is the job's own, so it isn't "shared": the runner then adds no
    /// token and counter to the path.
    /// </summary>
    public static ConfigReply For(string buildsDirectory, string cacheDirectory, string version) =>
        new(
            new ConfigReplyDriver("custom-executor", version),
            buildsDirectory,
            cacheDirectory,
            BuildsDirIsShared: false,
            Shell: "bash"
        );

    /// <summary>The one JSON object for stdout.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ConfigJson.Default.ConfigReply);
}

/// <summary>How the runner names the driver in the job log.</summary>
public sealed record ConfigReplyDriver(string Name, string Version);

/// <summary>The JSON shape of config's answer.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ConfigReply))]
internal sealed partial class ConfigJson : JsonSerializerContext;
