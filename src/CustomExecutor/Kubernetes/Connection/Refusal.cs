using System.Text;
using CustomExecutor.Kubernetes.Credentials;

namespace CustomExecutor.Kubernetes.Connection;

/// <summary>Removes a request's credentials from the answer that refuses it.</summary>
internal static class Refusal
{
    private const string Mask = "[MASKED]";

    /// <summary>Shorter ones are not secret, and masking them would destroy the text.</summary>
    private const int ShortestSecret = 4;

    /// <summary>
    /// The same answer with HTTP's standard reason phrase, and without the secrets of <paramref name="shown"/>.
    /// </summary>
    public static async Task<HttpResponseMessage> Masked(HttpResponseMessage response, ClusterCredential shown)
    {
        response.ReasonPhrase = null; // .NET then uses the standard phrase. The server's could be anything.
        var text = await response.Content.ReadAsStringAsync();
        var masked = Secrets(shown)
            .Where(s => s.Length >= ShortestSecret)
            .Aggregate(text, (t, secret) => t.Replace(secret, Mask, StringComparison.Ordinal));
        if (masked == text)
            return response;
        response.Content.Dispose();
        response.Content = new StringContent(masked, Encoding.UTF8, "application/json");
        return response;
    }

    private static IEnumerable<string> Secrets(ClusterCredential shown)
    {
        if (shown.Authorization is not { Parameter: { } parameter } header)
            yield break;
        yield return parameter;
        if (header.Scheme != "Basic")
            yield break;
        var buffer = new byte[parameter.Length];
        if (!Convert.TryFromBase64String(parameter, buffer, out var length))
            yield break;
        yield return Encoding.UTF8.GetString(buffer, 0, length).Split(':', 2)[^1];
    }
}
