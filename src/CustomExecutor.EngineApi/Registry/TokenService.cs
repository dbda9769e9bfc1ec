using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using CustomExecutor.Core;
using CustomExecutor.EngineApi.Faults;

namespace CustomExecutor.EngineApi.Registry;

/// <summary>Gets tokens for registries (distribution's specification, <c>token.md</c> and <c>oauth.md</c>).</summary>
internal sealed class TokenService(HttpClient client, RegistryLogin login)
{
    private const int LongestAnswer = 1024 * 1024;

    /// <summary>A token, or null if the login is refused.</summary>
    /// <exception cref="EngineException">The challenge or the answer can't be used.</exception>
    /// <exception cref="HttpRequestException">It may go better in a moment.</exception>
    public async Task<string?> Get(
        AuthChallenge challenge,
        IReadOnlyList<string> scopes,
        CancellationToken cancellation
    )
    {
        if (
            !Uri.TryCreate(challenge["realm"], UriKind.Absolute, out var realm)
            || realm.Scheme is not ("http" or "https")
        )
        {
            throw EngineException.Registry(
                $"the registry asks for a token from \"{DisplayText.Of(challenge["realm"] ?? "")}\", which is no "
                    + "address"
            );
        }

        using var request = login.IdentityToken is { Length: > 0 }
            ? Refresh(realm, challenge, scopes)
            : Ask(realm, challenge, scopes);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(RegistrySession.Patience);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            return null;
        if (RegistryAnswers.MayPass(response.StatusCode))
            throw new HttpRequestException($"{realm.Authority} answered {(int)response.StatusCode}");
        if (!response.IsSuccessStatusCode)
            throw await RegistryAnswers.Refusal(response, "a token", patience.Token);
        try
        {
            var answer = JsonSerializer.Deserialize(
                await RegistryAnswers.Read(response, LongestAnswer, patience.Token),
                RegistryJson.Default.TokenAnswer
            );
            var token = string.IsNullOrEmpty(answer?.Token) ? answer?.AccessToken : answer.Token;
            return string.IsNullOrEmpty(token) ? throw new JsonException() : token;
        }
        catch (JsonException)
        {
            throw EngineException.Registry($"{realm.Authority} answered without a token");
        }
    }

    private HttpRequestMessage Ask(Uri realm, AuthChallenge challenge, IReadOnlyList<string> scopes)
    {
        var query = scopes.Select(scope => ("scope", scope)).ToList();
        if (challenge["service"] is { } service)
            query.Insert(0, ("service", service));
        if (login.Username is { Length: > 0 } user)
            query.Insert(0, ("account", user));
        var text = string.Join('&', query.Select(part => $"{part.Item1}={Uri.EscapeDataString(part.Item2)}"));
        var address = new UriBuilder(realm) { Query = realm.Query.Length > 1 ? $"{realm.Query[1..]}&{text}" : text };
        var request = new HttpRequestMessage(HttpMethod.Get, address.Uri);
        if (login.Basic is { } basic)
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", basic);
        return request;
    }

    private HttpRequestMessage Refresh(Uri realm, AuthChallenge challenge, IReadOnlyList<string> scopes) =>
        new(HttpMethod.Post, realm)
        {
            Content = new FormUrlEncodedContent(
                new Dictionary<string, string>
                {
                    ["grant_type"] = "refresh_token",
                    ["refresh_token"] = login.IdentityToken!,
                    ["service"] = challenge["service"] ?? "",
                    ["scope"] = string.Join(' ', scopes),
                    ["client_id"] = "custom-executor-engine-api",
                }
            ),
        };
}
