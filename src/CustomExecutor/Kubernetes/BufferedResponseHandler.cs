using System.Net;
using System.Text.Json;
using CustomExecutor.Core.Kubernetes.Answers;

namespace CustomExecutor.Kubernetes;

/// <summary>
/// Reads an answer to its end before the client library sees it, and refuses one that the library should not read. The
/// library parses a body with reads that block and can't be cancelled: a server that stops within one would hold a
/// stage for ever.
/// </summary>
internal sealed class BufferedResponseHandler : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.SwitchingProtocols || IsStream(request.RequestUri!.Query))
            return response;
        try
        {
            await response.Content.LoadIntoBufferAsync(cancellationToken);
            if (response.IsSuccessStatusCode && !IsLog(request.RequestUri))
                await Check(response, cancellationToken);
            return response;
        }
        catch (Exception)
        {
            response.Dispose();
            throw;
        }
    }

    private static async Task Check(HttpResponseMessage response, CancellationToken cancel)
    {
        using var answer = await JsonDocument.ParseAsync(
            await response.Content.ReadAsStreamAsync(cancel),
            cancellationToken: cancel
        );
        if (RawAnswer.Problem(answer.RootElement) is { } problem)
            throw new GarbledAnswerException(problem);
        // The library reads the same buffer from its start.
        (await response.Content.ReadAsStreamAsync(cancel)).Position = 0;
    }

    private static bool IsLog(Uri address) => address.AbsolutePath.EndsWith("/log", StringComparison.Ordinal);

    /// <summary>Watches and followed logs are read as they come.</summary>
    private static bool IsStream(string query) =>
        query.Contains("watch=true", StringComparison.Ordinal)
        || query.Contains("follow=true", StringComparison.Ordinal);
}
