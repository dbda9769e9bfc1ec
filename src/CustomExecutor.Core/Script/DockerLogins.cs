using System.Text.Json;
using System.Text.Json.Nodes;

namespace CustomExecutor.Core.Script;

/// <summary>
/// The keys that <c>DOCKER_AUTH_CONFIG</c> is documented to have; others of docker's own (plugins, hooks, proxies) are not a login. A value of the
/// wrong shape is left out: docker would then read nothing of the file, and the job would have lost GitLab's logins as well.
/// </summary>
internal static class DockerLogins
{
    private static readonly string[] LoginTexts = ["auth", "username", "password", "email", "serveraddress", "identitytoken", "registrytoken"];

    /// <summary>Lays the author's logins over a config and tells what was left out.</summary>
    /// <param name="config">The config; what GitLab sent for a registry gives way to the author's.</param>
    /// <param name="author">The author's object.</param>
    public static IReadOnlyList<string> Overlay(JsonObject config, JsonObject author)
    {
        var leftOut = new List<string>();
        var auths = config["auths"]!.AsObject();
        var logins = Entries(author, "auths", IsLogin, leftOut);
        foreach (var same in auths.Select(a => a.Key).Where(gitlabs => logins.Any(l => IsSameRegistry(l.Key, gitlabs))).ToList()) auths.Remove(same);
        foreach (var (registry, login) in logins) auths[registry] = login;

        var helpers = Entries(author, "credHelpers", IsText, leftOut);
        if (helpers.Count > 0) config["credHelpers"] = new JsonObject(helpers);
        if (author["credsStore"] is { } store)
        {
            if (IsText(store)) config["credsStore"] = store.DeepClone();
            else leftOut.Add("credsStore");
        }

        return leftOut;
    }

    private static List<KeyValuePair<string, JsonNode?>> Entries(JsonObject author, string key, Func<JsonNode?, bool> isGood, List<string> leftOut)
    {
        if (author[key] is not { } value) return [];
        if (value is not JsonObject entries)
        {
            leftOut.Add(key);
            return [];
        }

        leftOut.AddRange(entries.Where(e => !isGood(e.Value)).Select(e => $"{key}[{e.Key}]"));
        return [.. entries.Where(e => isGood(e.Value)).Select(e => KeyValuePair.Create(e.Key, e.Value?.DeepClone()))];
    }

    private static bool IsText(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.String;

    private static bool IsLogin(JsonNode? node) =>
        node is JsonObject login
        && LoginTexts.All(name => login[name] is null || IsText(login[name]))
        && (login["auth"]?.GetValue<string>() is not { Length: > 0 } auth || IsUserAndPassword(auth));

    /// <summary>Base64 of <c>user:password</c>; unlike .NET, docker takes no blanks in it.</summary>
    private static bool IsUserAndPassword(string auth)
    {
        var bytes = new byte[auth.Length];
        return !auth.Contains(' ') && Convert.TryFromBase64String(auth, bytes, out var length) && bytes.AsSpan(0, length).IndexOf((byte)':') > 0;
    }

    private static bool IsSameRegistry(string one, string other) => Registry(one).Equals(Registry(other), StringComparison.OrdinalIgnoreCase);

    /// <summary>A registry is written with or without a scheme and the version of its API.</summary>
    private static string Registry(string name)
    {
        foreach (var scheme in (string[])["https://", "http://"])
            if (name.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) name = name[scheme.Length..];
        name = name.TrimEnd('/');
        return name.EndsWith("/v1", StringComparison.Ordinal) || name.EndsWith("/v2", StringComparison.Ordinal) ? name[..^3] : name;
    }
}
