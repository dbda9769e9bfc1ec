using System.Text.Json.Nodes;

namespace CustomExecutor.Core.Docker;

/// <summary>Merges the author's logins into the job's docker configuration, so that neither they nor GitLab's own are
/// lost.</summary>
internal static class DockerLogins
{
    /// <summary>Docker Hub's key: docker asks its helpers for this text, not for a host.</summary>
    private const string DockerHub = "https://index.docker.io/v1/";

    /// <summary>Lays the author's logins over a config.</summary>
    /// <param name="config">The config; what GitLab sent for a registry gives way to the author's.</param>
    /// <param name="author">The author's logins.</param>
    /// <param name="hasHelper">Whether the credential helper of a name is installed where the script runs.</param>
    /// <returns>The names of helpers that are left out.</returns>
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
            // Without a login of its own, the registry is left to docker's own message, or to a script that installs
            // the helper.
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
            // docker asks a store for every registry and then ignores auths; an empty helper sends it back to auths.
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
            // docker compares hosts by their letters' case as well: by the author's spelling it would not find the
            // login.
            if (Host(registry) != Host(same))
                registry = same;
        }

        auths[registry] = login;
    }

    /// <summary>By which keys of <c>credHelpers</c> docker may look for a registry of <c>auths</c>.</summary>
    private static IEnumerable<string> HelperKeys(string registry) =>
        Host(registry) is "index.docker.io" or "docker.io"
            ? [DockerHub, Host(registry), registry]
            : [Host(registry), registry];

    private static bool IsSameRegistry(string one, string other) =>
        Registry(one).Equals(Registry(other), StringComparison.OrdinalIgnoreCase);

    /// <summary>What docker compares with an image's registry.</summary>
    private static string Host(string name) => WithoutScheme(name).Split('/')[0];

    /// <summary>A registry is written with or without a scheme and the version of its API.</summary>
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
