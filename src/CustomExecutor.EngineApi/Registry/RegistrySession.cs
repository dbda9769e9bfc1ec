using System.Net;
using System.Net.Http.Headers;

namespace CustomExecutor.EngineApi.Registry;

/// <summary>Talks to one registry with one login, and gets the tokens that it asks for.</summary>
/// <param name="host">The registry.</param>
/// <param name="login">The login.</param>
/// <param name="scopes">What tokens are for, such as <c>repository:a/b:pull,push</c>.</param>
internal sealed class RegistrySession(RegistryHost host, RegistryLogin login, IReadOnlyList<string> scopes)
{
    /// <summary>A registry that moves no data for so long has stalled.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private volatile AuthenticationHeaderValue? _authorization = login.RegistryToken is { Length: > 0 } token
        ? new("Bearer", token)
        : null;

    public string Authority => host.Authority;

    /// <summary>An address in the registry.</summary>
    public Uri At(string path) => new(host.Address, path);

    /// <summary>Sends a request, and once more with a login where the registry asks for one.</summary>
    /// <param name="request">Makes it; called once or twice.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="HttpRequestException">The connection broke, or the answer says that it may go better in a
    /// moment.</exception>
    public async Task<HttpResponseMessage> Send(Func<HttpRequestMessage> request, CancellationToken cancellation)
    {
        var tried = _authorization;
        var response = await SendOnce(request, tried, cancellation);
        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            var challenges = AuthChallenge.Parse(
                response.Headers.TryGetValues("WWW-Authenticate", out var values) ? values : []
            );
            // Another layer of the same push may have got a token in the meantime.
            var next = ReferenceEquals(tried, _authorization) ? await Answer(challenges, cancellation) : _authorization;
            if (next is null)
                return response;
            response.Dispose();
            _authorization = next;
            response = await SendOnce(request, next, cancellation);
        }

        if (!RegistryAnswers.MayPass(response.StatusCode))
            return response;
        using (response)
            throw new HttpRequestException($"it answered {(int)response.StatusCode}", null, response.StatusCode);
    }

    private async Task<HttpResponseMessage> SendOnce(
        Func<HttpRequestMessage> make,
        AuthenticationHeaderValue? authorization,
        CancellationToken cancellation
    )
    {
        using var request = make();
        // An upload may be sent on to a storage of another host, which must not see the login.
        if (request.RequestUri!.Authority == host.Authority)
            request.Headers.Authorization = authorization;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        if (request.Content is BlobContent content)
            content.Moved = () => patience.CancelAfter(Patience);
        return await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
    }

    private async Task<AuthenticationHeaderValue?> Answer(
        IReadOnlyList<AuthChallenge> challenges,
        CancellationToken cancellation
    )
    {
        if (challenges.FirstOrDefault(challenge => challenge.Scheme == "bearer") is { } bearer)
        {
            return await new TokenService(host.Client, login).Get(bearer, scopes, cancellation) is { } token
                ? new("Bearer", token)
                : null;
        }

        return challenges.Any(challenge => challenge.Scheme == "basic") && login.Basic is { } basic
            ? new("Basic", basic)
            : null;
    }
}
