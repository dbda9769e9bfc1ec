using System.Text.Json.Serialization;
using CustomExecutor.Core;
using Tomlyn;
using Tomlyn.Serialization;

namespace CustomExecutor.EngineApi.Registry;

/// <summary>What buildkitd's configuration (<c>buildkitd.toml</c>) says of registries. The rest of it is
/// ignored.</summary>
internal sealed record BuildkitdConfig
{
    /// <summary>By <c>HOST</c> or <c>HOST:PORT</c>.</summary>
    [JsonPropertyName("registry")]
    public Dictionary<string, RegistryOptions>? Registry { get; init; }

    /// <summary>What it says of a registry; no options where it says nothing.</summary>
    public RegistryOptions Of(string domain) => Registry?.GetValueOrDefault(domain) ?? new RegistryOptions();

    /// <summary>Reads the file.</summary>
    /// <exception cref="InvalidDataException">It is not valid: file, line and remedy.</exception>
    public static BuildkitdConfig Read(string file)
    {
        try
        {
            var text = File.ReadAllText(file);
            return TomlSerializer.Deserialize(text, BuildkitdToml.Default.BuildkitdConfig) ?? new BuildkitdConfig();
        }
        catch (TomlException e)
        {
            // The message itself has "(LINE,COLUMN) : error : " in front, once more for each converter.
            var reason = DisplayText.Of(e.Message.Split(" : error : ")[^1].TrimEnd('.'), 300);
            throw new InvalidDataException(
                $"{file} (--buildkitd-config) is not valid: line {e.Line ?? 1}: {reason}. Correct it: it is the TOML"
                    + " file of the job's builder, with http = true, insecure = true or ca = [\"FILE\"] in"
                    + " [registry.\"HOST:PORT\"]"
            );
        }
    }
}

/// <summary>One registry of it, by buildkitd's own names.</summary>
internal sealed record RegistryOptions
{
    /// <summary>It speaks plain HTTP.</summary>
    [JsonPropertyName("http")]
    public bool? Http { get; init; }

    /// <summary>Its certificate is not checked.</summary>
    [JsonPropertyName("insecure")]
    public bool? Insecure { get; init; }

    /// <summary>Files with certificates, PEM, that are trusted beside the system's.</summary>
    [JsonPropertyName("ca")]
    public IReadOnlyList<string>? Ca { get; init; }

    /// <summary>Whether it says how the registry is spoken to; mirrors alone do not.</summary>
    [JsonIgnore]
    public bool IsSilent => Http is null && Insecure is null && Ca is null;
}

/// <summary>The TOML shapes.</summary>
[TomlSerializable(typeof(BuildkitdConfig))]
internal sealed partial class BuildkitdToml : TomlSerializerContext;
