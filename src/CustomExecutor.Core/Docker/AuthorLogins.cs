using System.Text.Json;
using System.Text.Json.Nodes;

namespace CustomExecutor.Core.Docker;

/// <summary>
/// The logins in a job's <c>DOCKER_AUTH_CONFIG</c>, read by docker's own rules (<c>cli/config/configfile/file.go</c> in
/// its source): Go ignores the case of a struct's keys, and the later of two equal keys wins. Docker's other keys
/// (plugins, hooks, proxies) are ignored.
/// </summary>
internal sealed class AuthorLogins
{
    private static readonly string[] LoginKeys =
    [
        "auth",
        "username",
        "password",
        "email",
        "serveraddress",
        "identitytoken",
        "registrytoken",
    ];

    /// <summary>The logins by registry, with docker's own spelling of their keys.</summary>
    public Dictionary<string, JsonObject> Auths { get; } = [];

    /// <summary><c>credHelpers</c>: the helper's name by registry; an empty string means no helper.</summary>
    public Dictionary<string, string> Helpers { get; } = [];

    /// <summary><c>credsStore</c>; empty for none.</summary>
    public string Store { get; private set; } = "";

    /// <summary>The entries that docker would reject. One of them would make docker ignore the whole file.</summary>
    public List<string> Rejected { get; } = [];

    /// <summary>
    /// Whether the entries are at the top level instead of under <c>auths</c>, as in docker's older file
    /// <c>.dockercfg</c>.
    /// </summary>
    public bool IsLegacy { get; private set; }

    /// <summary>Parses the text.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    /// <exception cref="InvalidOperationException">
    /// It is not an object, or a string in it is not valid Unicode.
    /// </exception>
    public static AuthorLogins Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var logins = new AuthorLogins();
        var entries = document.RootElement.EnumerateObject().ToList();
        logins.IsLegacy = entries.Count > 0 && entries.All(entry => IsLegacyLogin(entry.Value));
        if (logins.IsLegacy)
            logins.AddAuths(document.RootElement);
        else
            entries.ForEach(logins.Add);
        return logins;
    }

    private void Add(JsonProperty entry)
    {
        if (entry.Value.ValueKind == JsonValueKind.Null)
            return;
        if (Is(entry, "auths"))
        {
            AddAuths(entry.Value);
        }
        else if (Is(entry, "credHelpers"))
        {
            AddHelpers(entry.Value);
        }
        else if (Is(entry, "credsStore"))
        {
            if (entry.Value.ValueKind == JsonValueKind.String)
                Store = entry.Value.GetString()!;
            else
                Rejected.Add("credsStore");
        }
    }

    private void AddAuths(JsonElement auths)
    {
        if (auths.ValueKind != JsonValueKind.Object)
        {
            Rejected.Add("auths");
            return;
        }

        foreach (var entry in auths.EnumerateObject())
        {
            if (Login(entry.Value) is { } login)
                Auths[entry.Name] = login;
            else
                Rejected.Add($"auths[{entry.Name}]");
        }
    }

    private void AddHelpers(JsonElement helpers)
    {
        if (helpers.ValueKind != JsonValueKind.Object)
        {
            Rejected.Add("credHelpers");
            return;
        }

        foreach (var entry in helpers.EnumerateObject())
        {
            if (entry.Value.ValueKind is JsonValueKind.String or JsonValueKind.Null)
                Helpers[entry.Name] = entry.Value.GetString() ?? "";
            else
                Rejected.Add($"credHelpers[{entry.Name}]");
        }
    }

    private static JsonObject? Login(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
            return [];
        if (value.ValueKind != JsonValueKind.Object)
            return null;
        var login = new JsonObject();
        foreach (var entry in value.EnumerateObject())
        {
            if (
                LoginKeys.FirstOrDefault(key => Is(entry, key)) is not { } key
                || entry.Value.ValueKind == JsonValueKind.Null
            )
            {
                continue;
            }

            if (entry.Value.ValueKind != JsonValueKind.String)
                return null;
            login[key] = entry.Value.GetString();
        }

        return login["auth"]?.GetValue<string>() is { Length: > 0 } auth && !IsUserAndPassword(auth) ? null : login;
    }

    /// <summary>
    /// Base64 of <c>user:password</c>. Go's decoder ignores line breaks; .NET's also ignores spaces and tabs.
    /// </summary>
    private static bool IsUserAndPassword(string auth)
    {
        var bytes = new byte[auth.Length];
        return !auth.AsSpan().ContainsAny(' ', '\t')
            && Convert.TryFromBase64String(auth, bytes, out var length)
            && bytes.AsSpan(0, length).IndexOf((byte)':') > 0;
    }

    private static bool IsLegacyLogin(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object
        && value.EnumerateObject().Any(entry => Is(entry, "auth") || Is(entry, "username"));

    private static bool Is(JsonProperty entry, string key) =>
        entry.Name.Equals(key, StringComparison.OrdinalIgnoreCase);
}
