using System.Net;
using CustomExecutor.EngineApi.Faults;
using CustomExecutor.EngineApi.Manifests;
using CustomExecutor.EngineApi.Store;

namespace CustomExecutor.EngineApi.Registry;

/// <summary>Brings a blob from a registry into the store; a broken download goes on where it broke.</summary>
internal sealed class BlobDownload(RegistrySession session, ImageStore store, string repository)
{
    /// <exception cref="EngineException">The registry refuses or fails, or sends other content.</exception>
    public async Task<bool> Run(Descriptor blob, StoreLease lease, Action<int> received, CancellationToken cancellation)
    {
        var writer = store.Blobs.Create();
        try
        {
            await RegistryRetries.Run(session.Authority, Continue, cancellation);
            if (writer.Length != blob.Size)
            {
                throw EngineException.Registry(
                    $"{session.Authority} sent {writer.Length} bytes for {blob.Digest}, not {blob.Size}"
                );
            }

            var digest = store.Keep(writer, lease);
            return digest == blob.Digest
                ? true
                : throw EngineException.Registry(
                    $"{session.Authority} sent content of digest {digest} for {blob.Digest}"
                );
        }
        finally
        {
            writer.Dispose();
        }

        async Task<bool> Continue()
        {
            using var response = await session.Send(() => Request(blob, writer.Length), cancellation);
            if (response.StatusCode == HttpStatusCode.OK && writer.Length > 0)
            {
                writer.Dispose();
                writer = store.Blobs.Create();
            }
            else if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.PartialContent))
            {
                throw await RegistryAnswers.Refusal(response, $"pull of {repository}", cancellation);
            }

            await Receive(response, writer, blob, received, cancellation);
            return writer.Length >= blob.Size ? true : throw new HttpRequestException("the download ended too early");
        }
    }

    private HttpRequestMessage Request(Descriptor blob, long offset)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, session.At($"v2/{repository}/blobs/{blob.Digest}"));
        if (offset > 0)
            request.Headers.Range = new(offset, null);
        return request;
    }

    private async Task Receive(
        HttpResponseMessage response,
        BlobWriter writer,
        Descriptor blob,
        Action<int> received,
        CancellationToken cancellation
    )
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(RegistrySession.Patience);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        await writer.Append(
            stream,
            bytes =>
            {
                if (writer.Length > blob.Size)
                {
                    throw EngineException.Registry(
                        $"{session.Authority} sends more than the {blob.Size} bytes of {blob.Digest}"
                    );
                }

                patience.CancelAfter(RegistrySession.Patience);
                received(bytes);
            },
            patience.Token
        );
    }
}
