using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CustomExecutor.Core.Job;
using k8s;

namespace CustomExecutor.Cluster;

/// <summary>One change that a watch reports.</summary>
internal readonly record struct WatchEvent<T>(string Type, T Object);

/// <summary>A Kubernetes watch, read line by line (the AOT flavour of the client library has none).</summary>
internal static class ResourceWatch
{
    /// <summary>
    /// The changes until the server ends the watch, as it does from time to time. An <c>ERROR</c> event (say, 410 Gone) ends it as well:
    /// the caller reads the object anew and goes on from there.
    /// </summary>
    /// <typeparam name="T">The objects' type.</typeparam>
    /// <param name="client">The cluster.</param>
    /// <param name="path">The collection's path, like <c>api/v1/namespaces/x/pods</c>.</param>
    /// <param name="fieldSelector">Which objects.</param>
    /// <param name="resourceVersion">Where to go on from; null to begin with what there is.</param>
    /// <param name="cancel">Ends it.</param>
    public static async IAsyncEnumerable<WatchEvent<T>> Read<T>(
        Kubernetes client, string path, string fieldSelector, string? resourceVersion, [EnumeratorCancellation] CancellationToken cancel)
    {
        var query = $"?watch=true&fieldSelector={Uri.EscapeDataString(fieldSelector)}"
            + (resourceVersion is null ? "" : $"&resourceVersion={Uri.EscapeDataString(resourceVersion)}");
        // Version 2: it shares the connection that the calls before have opened.
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(client.BaseUri, path + query))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        if (client.Credentials is { } credentials) await credentials.ProcessHttpRequestAsync(request, cancel);
        using var response = await client.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException($"{(int)response.StatusCode} {response.ReasonPhrase}", null, response.StatusCode);

        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancel));
        while (await lines.ReadLineAsync(cancel) is { } line)
        {
            if (line.Length == 0) continue;
            using var change = JsonDocument.Parse(line);
            var type = change.RootElement.GetProperty("type").GetString() ?? "";
            if (type == "ERROR") yield break;
            yield return new WatchEvent<T>(type, KubernetesJson.Deserialize<T>(change.RootElement.GetProperty("object"))
                ?? throw new DriverException("The Kubernetes API sent a watch event without an object."));
        }
    }
}
