using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace CustomExecutor.EngineApi.Manifests;

/// <summary>A machine that an image is for.</summary>
/// <param name="Architecture">Go's name, such as <c>amd64</c>.</param>
/// <param name="Os">Go's name, such as <c>linux</c>.</param>
/// <param name="Variant">Such as <c>v8</c>, or null.</param>
public sealed record Platform(
    [property: JsonPropertyName("architecture")] string? Architecture,
    [property: JsonPropertyName("os")] string? Os,
    [property: JsonPropertyName("variant")] string? Variant = null
)
{
    /// <summary>This machine.</summary>
    public static Platform Host { get; } =
        RuntimeInformation.OSArchitecture switch
        {
            System.Runtime.InteropServices.Architecture.X64 => new("amd64", "linux"),
            System.Runtime.InteropServices.Architecture.Arm64 => new("arm64", "linux", "v8"),
            System.Runtime.InteropServices.Architecture.Arm => new("arm", "linux", "v7"),
            var other => new(other.ToString().ToLowerInvariant(), "linux"),
        };

    /// <summary>Reads <c>linux/arm64/v8</c>, <c>linux/amd64</c> or <c>arm64</c>; null if it is none of these.</summary>
    public static Platform? Parse(string text)
    {
        var parts = text.Split('/');
        if (parts.Any(part => part.Length is 0 or > 32))
            return null;
        var platform = parts switch
        {
            [var single] => new Platform(single, "linux"),
            [var os, var architecture] => new Platform(architecture, os),
            [var os, var architecture, var variant] => new Platform(architecture, os, variant),
            _ => null,
        };
        return platform?.Architecture switch
        {
            "x86_64" or "x86-64" => platform with { Architecture = "amd64" },
            "aarch64" => platform with { Architecture = "arm64" },
            _ => platform,
        };
    }

    /// <summary>
    /// Whether an image for the other machine runs on this one. 64-bit ARM is v8 whether it says so or not.
    /// </summary>
    public bool Accepts(Platform other) =>
        Architecture == other.Architecture
        && Os == other.Os
        && (Variant is null || other.Variant is null || Variant == other.Variant);

    /// <summary><c>linux/amd64</c>.</summary>
    public override string ToString() => $"{Os}/{Architecture}" + (Variant is null ? "" : $"/{Variant}");
}
