using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using CustomExecutor.EngineApi.Faults;

namespace CustomExecutor.EngineApi.Registry;

/// <summary>
/// A login as docker's clients hand it over: in the header <c>X-Registry-Auth</c> or the body of <c>/auth</c>. It
/// holds secrets.
/// </summary>
public sealed record RegistryLogin
{
    /// <summary>Nobody.</summary>
    public static RegistryLogin None { get; } = new();

    /// <summary>The user.</summary>
    [JsonPropertyName("username")]
    public string? Username { get; init; }

    /// <summary>The password.</summary>
    [JsonPropertyName("password")]
    public string? Password { get; init; }

    /// <summary>Base64 of user and password; docker-py sends it alone.</summary>
    [JsonPropertyName("auth")]
    public string? Auth { get; init; }

    /// <summary>The registry that it is for.</summary>
    [JsonPropertyName("serveraddress")]
    public string? ServerAddress { get; init; }

    /// <summary>An OAuth2 refresh token instead of a password.</summary>
    [JsonPropertyName("identitytoken")]
    public string? IdentityToken { get; init; }

    /// <summary>A bearer token to use as it is.</summary>
    [JsonPropertyName("registrytoken")]
    public string? RegistryToken { get; init; }

    /// <summary>The credentials of the scheme Basic, or null.</summary>
    [JsonIgnore]
    public string? Basic
    {
        get
        {
            if (!string.IsNullOrEmpty(Username))
                return Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Username}:{Password}"));
            return string.IsNullOrEmpty(Auth) ? null : Auth;
        }
    }

    /// <summary>
    /// Reads the header: JSON in base64url, which some clients write in plain base64. Empty or absent means nobody.
    /// </summary>
    /// <exception cref="EngineException">It is neither.</exception>
    public static RegistryLogin FromHeader(string? header)
    {
        if (string.IsNullOrEmpty(header))
            return None;
        try
        {
            var text = Base64Url.DecodeFromChars(header.Replace('+', '-').Replace('/', '_').TrimEnd('='));
            return text.Length == 0 ? None : FromJson(text);
        }
        catch (FormatException)
        {
            throw EngineException.Invalid("the header X-Registry-Auth is not base64");
        }
    }

    /// <summary>Reads the JSON.</summary>
    /// <exception cref="EngineException">It is none; the message does not repeat it.</exception>
    public static RegistryLogin FromJson(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, RegistryJson.Default.RegistryLogin) ?? None;
        }
        catch (JsonException)
        {
            throw EngineException.Invalid("the login is not a JSON object with username and password");
        }
    }

    /// <summary>Without the secrets.</summary>
    public override string ToString() => nameof(RegistryLogin);
}
