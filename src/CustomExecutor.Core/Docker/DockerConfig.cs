using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Settings;

namespace CustomExecutor.Core.Docker;

/// <summary>The initial <c>config.json</c> of the job's <c>DOCKER_CONFIG</c>. It contains secrets.</summary>
/// <param name="Json">The file's text.</param>
/// <param name="Warnings">Warnings for the author, one sentence each.</param>
public sealed record DockerConfig(string Json, IReadOnlyList<string> Warnings)
{
    private const string NotUsed =
        "DOCKER_AUTH_CONFIG is not used: it is not a JSON object like"
        + " {\"auths\": {\"registry.example.com\": {\"auth\": \"...\"}}}. Check the CI/CD variable.";

    /// <summary>
    /// Merges the registry logins that GitLab sent with the job and the job's <c>DOCKER_AUTH_CONFIG</c>. If both have a
    /// registry, the latter wins, as with the runner's other executors.
    /// </summary>
    /// <param name="credentials">The job's registry credentials.</param>
    /// <param name="authConfig">The job's <c>DOCKER_AUTH_CONFIG</c>, or null. Hostile text.</param>
    /// <param name="settings">The admin's choices.</param>
    /// <param name="hasHelper">Whether <c>docker-credential-NAME</c> is installed where the script runs.</param>
    public static DockerConfig Create(
        IReadOnlyList<JobCredentials> credentials,
        string? authConfig,
        DockerSettings settings,
        Func<string, bool> hasHelper
    )
    {
        var config = Own(credentials, settings);
        if (!settings.RegistryCredentials || string.IsNullOrWhiteSpace(authConfig))
            return new DockerConfig(config.ToJsonString(), []);
        try
        {
            var author = AuthorLogins.Parse(authConfig);
            var missing = DockerLogins.Overlay(config, author, hasHelper);
            return new DockerConfig(config.ToJsonString(), [.. Warn(author, missing)]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return new DockerConfig(Own(credentials, settings).ToJsonString(), [NotUsed]);
        }
    }

    /// <summary>Omits the secrets.</summary>
    public override string ToString() => nameof(DockerConfig);

    private static JsonObject Own(IReadOnlyList<JobCredentials> credentials, DockerSettings settings)
    {
        var config = new JsonObject();
        if (settings.CliPluginsExtraDirs.Count > 0)
            config["cliPluginsExtraDirs"] = new JsonArray([.. settings.CliPluginsExtraDirs.Select(d => (JsonNode)d)]);
        if (!settings.RegistryCredentials)
            return config;

        var auths = new JsonObject();
        foreach (var login in credentials)
        {
            // Docker rejects the whole config if one login has no user name.
            if (login is { Url.Length: > 0, Username.Length: > 0 })
            {
                auths[login.Url] = new JsonObject
                {
                    ["auth"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login.Username}:{login.Password}")),
                };
            }
        }

        config["auths"] = auths;
        return config;
    }

    private static IEnumerable<string> Warn(AuthorLogins author, IReadOnlyList<string> missing)
    {
        if (author.IsLegacy)
        {
            yield return "DOCKER_AUTH_CONFIG has no \"auths\" around its logins. The driver uses them anyway; "
                + "docker itself would ignore them.";
        }

        if (author.Rejected.Count > 0)
        {
            yield return $"DOCKER_AUTH_CONFIG is used without {List(author.Rejected)}, which docker could not "
                + "read. Check the CI/CD variable.";
        }

        if (missing.Count > 0)
        {
            yield return "DOCKER_AUTH_CONFIG is used without "
                + $"{List([.. missing.Distinct().Select(name => $"docker-credential-{name}")])}:"
                + " this program is not on the PATH of the runner's service. Other logins work. For this one, put "
                + "the login itself into \"auths\".";
        }
    }

    private static string List(List<string> names)
    {
        const int shown = 5;
        return string.Join(", ", names.Take(shown).Select(name => DisplayText.Of(name, 100)))
            + (names.Count > shown ? $" and {names.Count - shown} more" : "");
    }
}
