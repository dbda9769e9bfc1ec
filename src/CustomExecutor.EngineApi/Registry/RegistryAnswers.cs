using System.Net;
using System.Text.Json;
using CustomExecutor.Core;
using CustomExecutor.EngineApi.Faults;

namespace CustomExecutor.EngineApi.Registry;

/// <summary>What registries answer: bodies of bounded length, and refusals in words.</summary>
internal static class RegistryAnswers
{
    private const int LongestRefusal = 64 * 1024;

    /// <summary>Whether the same request may succeed in a moment.</summary>
    public static bool MayPass(HttpStatusCode status) =>
        (int)status >= 500 && status != HttpStatusCode.NotImplemented
        || status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests;

    /// <summary>The answer's body.</summary>
    /// <exception cref="EngineException">It is longer than <paramref name="longest"/> bytes.</exception>
    public static async Task<byte[]> Read(HttpResponseMessage response, int longest, CancellationToken cancellation)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        var bytes = new MemoryStream();
        var piece = new byte[16 * 1024];
        while (await stream.ReadAsync(piece, cancellation) is var read and > 0)
        {
            if (bytes.Length + read > longest)
            {
                throw EngineException.Registry(
                    $"{response.RequestMessage?.RequestUri?.Authority} answered with more than {longest} bytes"
                );
            }

            bytes.Write(piece, 0, read);
        }

        return bytes.ToArray();
    }

    /// <summary>A refusal in distribution's words: <c>denied: requested access to the resource is denied</c>.</summary>
    /// <param name="response">The refusal.</param>
    /// <param name="what">What was asked for, such as <c>push of a/b</c>.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<EngineException> Refusal(
        HttpResponseMessage response,
        string what,
        CancellationToken cancellation
    )
    {
        var host = response.RequestMessage?.RequestUri?.Authority ?? "the registry";
        var reasons = await Reasons(response, cancellation);
        var remedy = response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => "; log in with docker login, or check the login's rights",
            HttpStatusCode.Forbidden => "; check the login's rights",
            HttpStatusCode.RequestEntityTooLarge =>
                "; the registry, or a proxy before it, takes no content of this size",
            _ => "",
        };
        return EngineException.Registry($"{reasons} ({what}: {host} answered {(int)response.StatusCode}{remedy})");
    }

    private static async Task<string> Reasons(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            var body = JsonSerializer.Deserialize(
                await Read(response, LongestRefusal, cancellation),
                RegistryJson.Default.RegistryRefusal
            );
            var reasons = body
                ?.Errors?.Take(3)
                .Select(error => $"{error.Code?.ToLowerInvariant().Replace('_', ' ')}: {error.Message}")
                .ToList();
            if (reasons is { Count: > 0 })
                return DisplayText.Of(string.Join("; ", reasons), 500);
        }
        catch (Exception e) when (e is JsonException or EngineException or IOException or HttpRequestException)
        {
            // A proxy's page says less than the status does.
        }

        return response.StatusCode == HttpStatusCode.Unauthorized
            ? "unauthorized: authentication required"
            : "the registry refused";
    }
}
