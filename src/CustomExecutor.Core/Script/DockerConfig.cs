using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CustomExecutor.Core.Job;
using CustomExecutor.Core.Settings;

namespace CustomExecutor.Core.Script;

/// <summary>The <c>config.json</c> that the job's <c>DOCKER_CONFIG</c> begins with; it holds secrets.</summary>
/// <param name="Json">The file's text.</param>
/// <param name="Warning">What the author should know, or null.</param>
public sealed record DockerConfig(string Json, string? Warning)
{
    /// <summary>The keys that <c>DOCKER_AUTH_CONFIG</c> is documented to have; others of docker's own (plugins, hooks, proxies) are not a login.</summary>
    private static readonly string[] LoginKeys = ["auths", "credHelpers", "credsStore"];

    /// <summary>
    /// Merges the registries' logins that GitLab sent with the job and the job's <c>DOCKER_AUTH_CONFIG</c>; for one registry the latter wins, as with
    /// the runner's other executors.
    /// </summary>
    /// <param name="credentials">The job's registry credentials.</param>
    /// <param name="authConfig">The job's <c>DOCKER_AUTH_CONFIG</c>, or null. Hostile text.</param>
    /// <param name="settings">The admin's choices.</param>
    public static DockerConfig Create(IReadOnlyList<JobCredentials> credentials, string? authConfig, DockerSettings settings)
    {
        var config = new JsonObject();
        string? warning = null;
        if (settings.CliPluginsExtraDirs.Count > 0)
            config["cliPluginsExtraDirs"] = new JsonArray([.. settings.CliPluginsExtraDirs.Select(d => (JsonNode)d)]);

        if (settings.RegistryCredentials)
        {
            var auths = new JsonObject();
            foreach (var login in credentials)
                if (login.Url is { Length: > 0 } url)
                    auths[url] = new JsonObject { ["auth"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login.Username}:{login.Password}")) };
            config["auths"] = auths;
            warning = Merge(config, authConfig);
        }

        return new DockerConfig(config.ToJsonString(), warning);
    }

    private static string? Merge(JsonObject config, string? authConfig)
    {
        if (string.IsNullOrWhiteSpace(authConfig)) return null;
        try
        {
            if (JsonNode.Parse(authConfig) is JsonObject author)
            {
                foreach (var key in LoginKeys)
                    Overlay(config, key, author[key]);
                return null;
            }
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            // An ArgumentException is a key that stands twice.
        }

        return "DOCKER_AUTH_CONFIG is not used: it is no JSON object like {\"auths\": {\"registry.example.com\": {\"auth\": \"...\"}}}. Check the CI/CD variable.";
    }

    private static void Overlay(JsonObject config, string key, JsonNode? value)
    {
        switch (value)
        {
            case JsonObject entries when config[key] is JsonObject present:
                foreach (var (name, entry) in entries) present[name] = entry?.DeepClone();
                break;
            case JsonObject or JsonValue:
                config[key] = value.DeepClone();
                break;
        }
    }
}
