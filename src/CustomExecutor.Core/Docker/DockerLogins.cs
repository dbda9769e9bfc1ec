using System.Text.Json.Nodes;

namespace CustomExecutor.Core.Docker;

/// <summary>Merges the author's logins into the job's docker configuration and keeps GitLab's own.</summary>
internal static class DockerLogins
{
    /// <summary>Docker Hub's key: docker passes this string to its helpers, not a host name.</summary>
    private const string DockerHub = "https://index.docker.io/v1/";

    /// <summary>Adds the author's logins to a config.</summary>
    /// <param name="config">The config. The author's login for a registry replaces the one that GitLab sent.</param>
    /// <param name="author">The author's logins.</param>
    /// <param name="hasHelper">Whether the credential helper with this name is installed where the script runs.</param>
    /// <returns>The names of the omitted helpers.</returns>
    public static IReadOnlyList<string> Overlay(JsonObject config, AuthorLogins author, Func<string, bool> hasHelper)
    {
        var auths = config["auths"]!.AsObject();
        var gitLabs = auths.Select(a => a.Key).ToList();
        foreach (var (registry, login) in author.Auths)
            Replace(auths, gitLabs, registry, login);
        var keys = auths.SelectMany(entry => HelperKeys(entry.Key)).ToHashSet();

        var missing = new List<string>();
        var helpers = new JsonObject();
        foreach (var (registry, helper) in author.Helpers)
        {
            // If GitLab sent no login for the registry, keep the helper: the script may install it, and otherwise
            // docker reports the problem.
            if (helper.Length == 0 || hasHelper(helper) || !keys.Contains(registry))
                helpers[registry] = helper;
            else
                missing.Add(helper);
        }

        if (author.Store.Length > 0 && !hasHelper(author.Store))
        {
            missing.Add(author.Store);
        }
        else if (author.Store.Length > 0)
        {
            config["credsStore"] = author.Store;
            // docker asks a store for every registry and then ignores auths. An empty helper makes it use auths again.
            foreach (var key in keys.Where(key => !author.Helpers.ContainsKey(key)))
                helpers[key] = "";
        }

        if (helpers.Count > 0)
            config["credHelpers"] = helpers;
        return missing;
    }

    private static void Replace(JsonObject auths, List<string> gitLabs, string registry, JsonObject login)
    {
        foreach (var same in gitLabs.Where(key => IsSameRegistry(registry, key)).ToList())
        {
            auths.Remove(same);
            gitLabs.Remove(same);
            // docker's comparison of hosts is case-sensitive: it would not find the login under the author's spelling.
            if (Host(registry) != Host(same))
                registry = same;
        }

        auths[registry] = login;
    }

    /// <summary>The keys of <c>credHelpers</c> that docker may look up for a registry in <c>auths</c>.</summary>
    private static IEnumerable<string> HelperKeys(string registry) =>
        Host(registry) is "index.docker.io" or "docker.io"
            ? [DockerHub, Host(registry), registry]
            : [Host(registry), registry];

    private static bool IsSameRegistry(string one, string other) =>
        Registry(one).Equals(Registry(other), StringComparison.OrdinalIgnoreCase);

    /// <summary>The part that docker compares with an image's registry.</summary>
    private static string Host(string name) => WithoutScheme(name).Split('/')[0];

    /// <summary>A registry may be written with or without a scheme and the version of its API.</summary>
    private static string Registry(string name)
    {
        name = WithoutScheme(name).TrimEnd('/');
        return name.EndsWith("/v1", StringComparison.Ordinal) || name.EndsWith("/v2", StringComparison.Ordinal)
            ? name[..^3]
            : name;
    }

    private static string WithoutScheme(string name)
    {
        foreach (var scheme in (string[])["https://", "http://"])
        {
            if (name.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
                return name[scheme.Length..];
        }

        return name;
    }
}
