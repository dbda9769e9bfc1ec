using System.Net;
using System.Net.Http.Headers;
using k8s.Authentication;

namespace CustomExecutor.Cluster;

/// <summary>A token that can be read anew from where it came: a service account's file, a kubeconfig, a plugin.</summary>
internal sealed class RenewableToken(ITokenProvider first, Func<ITokenProvider?> readAnew) : ITokenProvider
{
    private volatile ITokenProvider _provider = first;

    public Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken) => _provider.GetAuthenticationHeaderAsync(cancellationToken);

    /// <summary>Reads it anew; where that fails, the old one stays.</summary>
    public void Renew() => _provider = readAnew() ?? _provider;
}

/// <summary>
/// Answers 401 with a token that is read anew, once and only if it is another one: a service account's token expires, and the client keeps one for a
/// minute. What the server did not let in it did not do either, so any request can be sent again.
/// </summary>
internal sealed class TokenRenewal(RenewableToken token) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized) return response;
        token.Renew();
        var renewed = await token.GetAuthenticationHeaderAsync(cancellationToken);
        if (renewed.Equals(request.Headers.Authorization)) return response;
        response.Dispose();
        request.Headers.Authorization = renewed;
        return await base.SendAsync(request, cancellationToken);
    }
}
