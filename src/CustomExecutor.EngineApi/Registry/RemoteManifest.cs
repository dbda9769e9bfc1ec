using System.Net;
using CustomExecutor.EngineApi.Faults;
using CustomExecutor.EngineApi.Manifests;
using CustomExecutor.EngineApi.References;

namespace CustomExecutor.EngineApi.Registry;

/// <summary>A manifest or index in a registry, whose digest was verified.</summary>
/// <param name="Bytes">Its text.</param>
/// <param name="Descriptor">Its digest and size.</param>
/// <param name="Manifest">What it says.</param>
internal sealed record RemoteManifest(byte[] Bytes, Descriptor Descriptor, ImageManifest Manifest)
{
    /// <summary>Gets one by its tag or digest.</summary>
    /// <exception cref="EngineException">There is none, or the registry refuses or fails.</exception>
    public static async Task<RemoteManifest> Get(
        RegistrySession session,
        ImageReference name,
        CancellationToken cancellation
    )
    {
        var reference = name.Digest?.ToString() ?? name.Tag ?? "latest";
        var bytes = await RegistryRetries.Run(session.Authority, Ask, cancellation);
        var digest = Digest.Of(bytes);
        if (name.Digest is { } asked && asked != digest)
            throw EngineException.Registry($"{session.Authority} answered with content of digest {digest} for {asked}");
        var manifest = ImageManifest.Parse(bytes, name.Familiar);
        return new RemoteManifest(bytes, new Descriptor(manifest.Type, digest, bytes.Length), manifest);

        async Task<byte[]> Ask()
        {
            using var response = await session.Send(Request, cancellation);
            if (response.StatusCode == HttpStatusCode.NotFound)
                throw EngineException.NotFound($"manifest for {name.Familiar} not found: manifest unknown");
            if (response.StatusCode != HttpStatusCode.OK)
                throw await RegistryAnswers.Refusal(response, $"pull of {name.Path}", cancellation);
            return await RegistryAnswers.Read(response, ImageManifest.LongestBytes, cancellation);
        }

        HttpRequestMessage Request()
        {
            var request = new HttpRequestMessage(HttpMethod.Get, session.At($"v2/{name.Path}/manifests/{reference}"));
            foreach (var type in MediaTypes.Manifests)
                request.Headers.Accept.ParseAdd(type);
            return request;
        }
    }
}
