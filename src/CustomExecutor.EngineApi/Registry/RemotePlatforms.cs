using CustomExecutor.EngineApi.Manifests;
using CustomExecutor.EngineApi.References;

namespace CustomExecutor.EngineApi.Registry;

/// <summary>For which machines an image in a registry is.</summary>
internal static class RemotePlatforms
{
    /// <exception cref="Faults.EngineException">The registry refuses or fails.</exception>
    public static async Task<IReadOnlyList<Platform>> Of(
        RegistrySession session,
        ImageReference name,
        RemoteManifest image,
        CancellationToken cancellation
    )
    {
        if (image.Manifest.Manifests is { } manifests)
            return [.. manifests.Where(one => !one.IsAttestation).Select(one => one.Platform).OfType<Platform>()];
        var config = image.Manifest.Config!.Digest;
        var bytes = await RegistryRetries.Run(session.Authority, Ask, cancellation);
        return [ImageConfig.Parse(bytes, $"the configuration of {name.Familiar}").Platform];

        async Task<byte[]> Ask()
        {
            using var response = await session.Send(
                () => new(HttpMethod.Get, session.At($"v2/{name.Path}/blobs/{config}")),
                cancellation
            );
            return response.IsSuccessStatusCode
                ? await RegistryAnswers.Read(response, ImageConfig.LongestBytes, cancellation)
                : throw await RegistryAnswers.Refusal(response, $"pull of {name.Path}", cancellation);
        }
    }
}
