using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace CustomExecutor.EndToEnd;

/// <summary>An image as the node's registry has it.</summary>
/// <param name="Digest">Its manifest's digest.</param>
/// <param name="Config">Its configuration's text.</param>
/// <param name="Layers">The digests of its layers' content, without compression.</param>
internal sealed record PushedImage(string Digest, string Config, IReadOnlyList<string> Layers)
{
    private const string Manifests =
        "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json";

    /// <summary>Reads one.</summary>
    /// <param name="job">The job that has pushed it.</param>
    /// <param name="tag">Its tag in the job's repository.</param>
    public static async Task<PushedImage> Of(JobOnNode job, string tag)
    {
        var cancel = TestContext.Current.CancellationToken;
        var repository = job.Variables["CI_REGISTRY_IMAGE"][(Node.Registry.Length + 1)..];
        using var client = new HttpClient { BaseAddress = new Uri($"http://{Node.Registry}/v2/{repository}/") };
        client.DefaultRequestHeaders.Add("Accept", Manifests);
        using var answer = await client.GetAsync(new Uri($"manifests/{tag}", UriKind.Relative), cancel);
        var manifest = JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancel))!;
        var layers = new List<string>();
        foreach (var layer in manifest["layers"]!.AsArray())
            layers.Add(await Content(layer!));
        return new PushedImage(
            answer.Headers.GetValues("Docker-Content-Digest").Single(),
            await client.GetStringAsync(Blob(manifest["config"]!), cancel),
            layers
        );

        async Task<string> Content(JsonNode layer)
        {
            await using var blob = await client.GetStreamAsync(Blob(layer), cancel);
            await using var content = layer["mediaType"]!.GetValue<string>().EndsWith("gzip", StringComparison.Ordinal)
                ? new GZipStream(blob, CompressionMode.Decompress)
                : blob;
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancel));
        }
    }

    private static Uri Blob(JsonNode descriptor) => new($"blobs/{descriptor["digest"]}", UriKind.Relative);
}
