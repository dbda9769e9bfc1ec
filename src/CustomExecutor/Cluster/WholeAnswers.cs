using System.Net;

namespace CustomExecutor.Cluster;

/// <summary>
/// Reads an answer to its end before the client library sees it. The library parses a body with reads that block and can't be cancelled: a server that
/// stops within one would hold a stage for ever.
/// </summary>
internal sealed class WholeAnswers : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.SwitchingProtocols || IsStream(request.RequestUri!.Query)) return response;
        try
        {
            await response.Content.LoadIntoBufferAsync(cancellationToken);
            return response;
        }
        catch (Exception)
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>Watches and followed logs are read as they come.</summary>
    private static bool IsStream(string query) =>
        query.Contains("watch=true", StringComparison.Ordinal) || query.Contains("follow=true", StringComparison.Ordinal);
}
