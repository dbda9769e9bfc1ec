using System.Text.Json;
using System.Text.Json.Serialization;

namespace CustomExecutor.Core.Runner;

/// <summary>What the config stage prints for the runner (<c>ConfigExecOutput</c> in its source).</summary>
public sealed record ConfigReply(
    ConfigReplyDriver Driver,
    string BuildsDir,
    string CacheDir,
    bool BuildsDirIsShared,
    string Shell
)
{
    /// <summary>
    /// The reply for one attempt. The builds directory belongs to one job, so it is not "shared": the runner then does
    /// not add a token and a counter to the path.
    /// </summary>
    public static ConfigReply For(string buildsDirectory, string cacheDirectory, string version) =>
        new(
            new ConfigReplyDriver("custom-executor", version),
            buildsDirectory,
            cacheDirectory,
            BuildsDirIsShared: false,
            Shell: "bash"
        );

    /// <summary>The JSON object for stdout.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ConfigJson.Default.ConfigReply);
}

/// <summary>The driver's name and version, which the runner prints in the job log.</summary>
public sealed record ConfigReplyDriver(string Name, string Version);

/// <summary>JSON serialization of the reply.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ConfigReply))]
internal sealed partial class ConfigJson : JsonSerializerContext;
