using System.Text.Json;
using CustomExecutor.Core;
using CustomExecutor.EngineApi.Faults;
using CustomExecutor.EngineApi.Manifests;
using CustomExecutor.EngineApi.References;

namespace CustomExecutor.EngineApi.Images;

/// <summary>The platform that a push asks for (Engine API 1.46 and newer): images here are for one each.</summary>
internal static class PushedPlatform
{
    /// <param name="json">The platform as JSON, unlike that of a pull. Hostile text.</param>
    /// <param name="name">The image.</param>
    /// <param name="own">The platform that it is for.</param>
    /// <exception cref="EngineException">The image is for another one.</exception>
    public static void Check(string json, ImageReference name, Platform own)
    {
        var asked = Parse(json);
        if (!asked.Accepts(own))
        {
            throw EngineException.NotFound(
                $"image with reference {name.Familiar} was found but its platform ({own}) does not match the specified"
                    + $" platform ({DisplayText.Of($"{asked}", 50)})"
            );
        }
    }

    private static Platform Parse(string json)
    {
        try
        {
            if (JsonSerializer.Deserialize(json, ManifestJson.Default.Platform) is { Os: not null } asked)
                return asked;
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw EngineException.Invalid("invalid platform; it is like {\"os\": \"linux\", \"architecture\": \"amd64\"}");
    }
}
