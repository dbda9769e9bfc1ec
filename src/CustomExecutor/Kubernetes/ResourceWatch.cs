using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CustomExecutor.Core;
using CustomExecutor.Core.Kubernetes;
using CustomExecutor.Core.Kubernetes.Answers;
using k8s;
using k8s.Autorest;

namespace CustomExecutor.Kubernetes;

/// <summary>One change that a watch reports; the object is null where only the version moved on.</summary>
internal readonly record struct WatchEvent<T>(string Type, T Object, string? ResourceVersion = null);

/// <summary>One Kubernetes watch, read line by line (the AOT flavour of the client library has none). <see
/// cref="ResumedWatch{T}"/> goes on after its end.</summary>
internal static class ResourceWatch
{
    /// <summary>The type of an event that only says up to which version nothing has happened.</summary>
    public const string Bookmark = "BOOKMARK";

    /// <summary>How long the server keeps one watch open; left alone it would be up to an hour, and nobody would notice
    /// that a watch is dead.</summary>
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Overdue = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan OpeningTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The changes until the server ends the watch, bookmarks included.</summary>
    /// <typeparam name="T">The objects' type.</typeparam>
    /// <param name="client">The cluster.</param>
    /// <param name="path">The collection's path, like <c>api/v1/namespaces/x/pods</c>.</param>
    /// <param name="fieldSelector">Which objects.</param>
    /// <param name="resourceVersion">Where to go on from; null to begin with what there is.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="Exception">It broke; <see cref="ApiFaultReader"/> tells how.</exception>
    public static async IAsyncEnumerable<WatchEvent<T>> Read<T>(
        k8s.Kubernetes client,
        string path,
        string fieldSelector,
        string? resourceVersion,
        TimeProvider time,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var query =
            $"?watch=true&allowWatchBookmarks=true&timeoutSeconds={Length.TotalSeconds:0}"
            + $"&fieldSelector={Uri.EscapeDataString(fieldSelector)}"
            + (resourceVersion is null ? "" : $"&resourceVersion={Uri.EscapeDataString(resourceVersion)}");
        using var bound = new CancellationTokenSource(OpeningTimeout, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel, bound.Token);
        using var response = await InTime(Open(client, path + query, end.Token), cancel);
        bound.CancelAfter(Length + Overdue);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancel));
        while (await InTime(lines.ReadLineAsync(end.Token).AsTask(), cancel) is { } line)
        {
            if (line.Length == 0)
                continue;
            using var change = JsonDocument.Parse(line); // A torn line is none, and says so.
            if (RawAnswer.Problem(change.RootElement) is { } problem)
                throw new GarbledAnswerException(problem);
            yield return Event<T>(change.RootElement);
        }
    }

    private static async Task<HttpResponseMessage> Open(k8s.Kubernetes client, string address, CancellationToken cancel)
    {
        // Version 2: it shares the connection that the calls before have opened.
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(client.BaseUri, address))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        if (client.Credentials is { } credentials)
            await credentials.ProcessHttpRequestAsync(request, cancel);
        var response = await client.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
        {
            var content = await response.Content.ReadAsStringAsync(cancel);
            throw new HttpOperationException($"{(int)response.StatusCode}")
            {
                Response = new HttpResponseMessageWrapper(response, content),
            };
        }
    }

    private static WatchEvent<T> Event<T>(JsonElement change)
    {
        var type = Text(change, "type");
        if (Child(change, "object") is not { ValueKind: JsonValueKind.Object } thing)
            throw new GarbledAnswerException("a watch event has no object");
        if (type == "ERROR")
            throw new WatchErrorException(FaultOf(thing));
        if (Text(Child(thing, "metadata"), "resourceVersion") is not { Length: > 0 } version)
            throw new GarbledAnswerException("a watch event has no resourceVersion");
        return type switch
        {
            Bookmark => new WatchEvent<T>(Bookmark, default!, version),
            "ADDED" or "MODIFIED" or "DELETED" => new WatchEvent<T>(type, Answers.Watched(Read<T>(thing)), version),
            _ => throw new GarbledAnswerException("a watch event has no known type"),
        };
    }

    private static T? Read<T>(JsonElement thing)
    {
        try
        {
            return KubernetesJson.Deserialize<T>(thing);
        }
        catch (Exception e) when (Answers.IsUnreadable(e))
        {
            throw new GarbledAnswerException("a value in it can't be read", e);
        }
    }

    /// <summary>The server's Status; one without a code may be anything, and passes as a failure of the
    /// server.</summary>
    private static ApiFault FaultOf(JsonElement status)
    {
        var code =
            Child(status, "code") is { ValueKind: JsonValueKind.Number } number
            && number.TryGetInt32(out var value)
            && value is >= 400 and < 600
                ? value
                : 500;
        return new ApiFault(ApiFaultKind.Answered, DisplayText.Of($"{code} {Text(status, "message")}"))
        {
            Status = code,
        };
    }

    private static JsonElement? Child(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } there && there.TryGetProperty(name, out var child) ? child : null;

    private static string? Text(JsonElement? parent, string name) =>
        Child(parent, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>Tells what took too long from what was cancelled.</summary>
    private static async Task<T> InTime<T>(Task<T> step, CancellationToken cancel)
    {
        try
        {
            return await step;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException("the watch is silent");
        }
    }
}
