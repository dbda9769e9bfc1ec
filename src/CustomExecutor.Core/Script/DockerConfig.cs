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
    private const string NotUsed =
        "DOCKER_AUTH_CONFIG is not used: it is no JSON object like {\"auths\": {\"registry.example.com\": {\"auth\": \"...\"}}}. Check the CI/CD variable.";

    /// <summary>
    /// Merges the registries' logins that GitLab sent with the job and the job's <c>DOCKER_AUTH_CONFIG</c>; for one registry the latter wins, as with
    /// the runner's other executors.
    /// </summary>
    /// <param name="credentials">The job's registry credentials.</param>
    /// <param name="authConfig">The job's <c>DOCKER_AUTH_CONFIG</c>, or null. Hostile text.</param>
    /// <param name="settings">The admin's choices.</param>
    public static DockerConfig Create(IReadOnlyList<JobCredentials> credentials, string? authConfig, DockerSettings settings)
    {
        var own = Own(credentials, settings).ToJsonString();
        if (!settings.RegistryCredentials || string.IsNullOrWhiteSpace(authConfig)) return new DockerConfig(own, null);
        try
        {
            if (JsonNode.Parse(authConfig, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) is JsonObject author)
            {
                var config = Own(credentials, settings);
                var leftOut = DockerLogins.Overlay(config, author);
                return new DockerConfig(config.ToJsonString(), leftOut.Count == 0 ? null : Warn(leftOut));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // An InvalidOperationException is half a character ("\ud800") in a text.
        }

        return new DockerConfig(own, NotUsed);
    }

    /// <summary>Without the secrets.</summary>
    public override string ToString() => nameof(DockerConfig);

    private static JsonObject Own(IReadOnlyList<JobCredentials> credentials, DockerSettings settings)
    {
        var config = new JsonObject();
        if (settings.CliPluginsExtraDirs.Count > 0)
            config["cliPluginsExtraDirs"] = new JsonArray([.. settings.CliPluginsExtraDirs.Select(d => (JsonNode)d)]);
        if (!settings.RegistryCredentials) return config;

        var auths = new JsonObject();
        foreach (var login in credentials)
            // Docker reads no config at all in which one login lacks its user.
            if (login is { Url.Length: > 0, Username.Length: > 0 })
                auths[login.Url] = new JsonObject { ["auth"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login.Username}:{login.Password}")) };
        config["auths"] = auths;
        return config;
    }

    private static string Warn(IReadOnlyList<string> leftOut)
    {
        const int shown = 5;
        var places = string.Join(", ", leftOut.Take(shown).Select(p => DisplayText.Of(p, 100)));
        return $"DOCKER_AUTH_CONFIG is used without {places}{(leftOut.Count > shown ? $" and {leftOut.Count - shown} more" : "")}, which docker could not read. Check the CI/CD variable.";
    }
}
