using System.Net;
using CustomExecutor.EngineApi.Faults;
using CustomExecutor.EngineApi.Manifests;
using CustomExecutor.EngineApi.Store;

namespace CustomExecutor.EngineApi.Registry;

/// <summary>How a blob came to be in a repository.</summary>
internal enum Uploaded
{
    /// <summary>It was there.</summary>
    Exists,

    /// <summary>The registry took it from another repository.</summary>
    Mounted,

    /// <summary>It was sent.</summary>
    Sent,
}

/// <summary>Brings a blob into a repository (distribution's specification, "Pushing blobs").</summary>
/// <param name="session">Talks to the registry.</param>
/// <param name="store">Has the blob.</param>
/// <param name="repository">The repository's path.</param>
internal sealed class BlobUpload(RegistrySession session, BlobStore store, string repository)
{
    /// <summary>Smaller than what proxies refuse.</summary>
    private const long ChunkBytes = 8 * 1024 * 1024;

    /// <param name="blob">The blob.</param>
    /// <param name="mountFrom">A repository of the same registry that has it, or null.</param>
    /// <param name="sent">Told the bytes of each piece; negative ones where a piece has to be sent again.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<Uploaded> Run(
        Descriptor blob,
        string? mountFrom,
        Action<int> sent,
        CancellationToken cancellation
    )
    {
        using (
            var head = await session.Send(
                () => new(HttpMethod.Head, session.At($"v2/{repository}/blobs/{blob.Digest}")),
                cancellation
            )
        )
        {
            if (head.StatusCode == HttpStatusCode.OK)
                return Uploaded.Exists;
        }

        var query = mountFrom is null
            ? ""
            : $"?mount={Uri.EscapeDataString(blob.Digest.ToString())}&from={Uri.EscapeDataString(mountFrom)}";
        if (await Begin(query, cancellation) is not { } location)
            return Uploaded.Mounted;
        if (!await TrySendWhole(location, blob, sent, cancellation))
            await SendChunks(blob, sent, cancellation);
        return Uploaded.Sent;
    }

    /// <summary>Where to send the blob; null if the registry has mounted it.</summary>
    private async Task<Uri?> Begin(string query, CancellationToken cancellation)
    {
        using var response = await session.Send(
            () => new(HttpMethod.Post, session.At($"v2/{repository}/blobs/uploads/{query}")),
            cancellation
        );
        if (response.StatusCode == HttpStatusCode.Created && query.Length > 0)
            return null;
        if (response.StatusCode != HttpStatusCode.Accepted)
            throw await Refused(response, cancellation);
        return Next(response);
    }

    private async Task<bool> TrySendWhole(
        Uri location,
        Descriptor blob,
        Action<int> sent,
        CancellationToken cancellation
    )
    {
        var total = 0L;
        using var response = await session.Send(
            () => new(HttpMethod.Put, WithDigest(location, blob)) { Content = Part(blob, 0, blob.Size, Count) },
            cancellation
        );
        if (response.StatusCode == HttpStatusCode.Created)
            return true;
        // A proxy's limit, or a registry that takes uploads by PATCH alone.
        if (
            response.StatusCode
            is not (
                HttpStatusCode.RequestEntityTooLarge
                or HttpStatusCode.MethodNotAllowed
                or HttpStatusCode.LengthRequired
            )
        )
        {
            throw await Refused(response, cancellation);
        }

        for (; total > 0; total -= Math.Min(total, int.MaxValue))
            sent(-(int)Math.Min(total, int.MaxValue));
        return false;

        void Count(int bytes)
        {
            total += bytes;
            sent(bytes);
        }
    }

    private async Task SendChunks(Descriptor blob, Action<int> sent, CancellationToken cancellation)
    {
        var location = (await Begin("", cancellation))!;
        for (var offset = 0L; offset < blob.Size; offset += ChunkBytes)
        {
            var (start, length) = (offset, Math.Min(ChunkBytes, blob.Size - offset));
            using var patch = await session.Send(() => Chunk(location, blob, start, length, sent), cancellation);
            if (patch.StatusCode is not (HttpStatusCode.Accepted or HttpStatusCode.NoContent))
                throw await Refused(patch, cancellation);
            location = Next(patch);
        }

        var end = WithDigest(location, blob);
        using var response = await session.Send(() => new(HttpMethod.Put, end), cancellation);
        if (response.StatusCode != HttpStatusCode.Created)
            throw await Refused(response, cancellation);
    }

    private HttpRequestMessage Chunk(Uri location, Descriptor blob, long start, long length, Action<int> sent)
    {
        var content = Part(blob, start, length, sent);
        // Distribution writes "0-99" where HTTP's own Content-Range says "bytes 0-99/200".
        content.Headers.TryAddWithoutValidation("Content-Range", $"{start}-{start + length - 1}");
        return new(HttpMethod.Patch, location) { Content = content };
    }

    private BlobContent Part(Descriptor blob, long start, long length, Action<int> sent) =>
        new(store, blob.Digest, start, length, sent);

    private static Uri Next(HttpResponseMessage response) =>
        response.Headers.Location is { } location
            ? new Uri(response.RequestMessage!.RequestUri!, location)
            : throw EngineException.Registry("the registry does not say where to send the upload");

    private static Uri WithDigest(Uri location, Descriptor blob)
    {
        var digest = $"digest={Uri.EscapeDataString(blob.Digest.ToString())}";
        return new UriBuilder(location)
        {
            Query = location.Query.Length > 1 ? $"{location.Query[1..]}&{digest}" : digest,
        }.Uri;
    }

    private Task<EngineException> Refused(HttpResponseMessage response, CancellationToken cancellation) =>
        RegistryAnswers.Refusal(response, $"push of {repository}", cancellation);
}
