using System.Text.Json.Nodes;
using CustomExecutor.Core.Docker;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Settings;

namespace CustomExecutor.Core.JobPod;

/// <summary>The logins with which the node pulls the author's images, as the <c>.dockerconfigjson</c> of a
/// secret.</summary>
public sealed record PullCredentials(string DockerConfigJson)
{
    /// <summary>The job's own: those of <c>DOCKER_AUTH_CONFIG</c> before those that GitLab sent.</summary>
    /// <param name="credentials">What GitLab sent.</param>
    /// <param name="authConfig">The job's <c>DOCKER_AUTH_CONFIG</c>, or null. Hostile text; what is wrong with it is
    /// told where the job's docker configuration is made of it.</param>
    /// <returns>Null if the job has no login.</returns>
    public static PullCredentials? Of(IReadOnlyList<JobCredentials> credentials, string? authConfig)
    {
        var config = DockerConfig.Create(credentials, authConfig, new DockerSettings(), _ => false);
        // Credential helpers are programs, of which the node has none.
        var auths = JsonNode.Parse(config.Json)!["auths"]!.AsObject();
        return auths.Count == 0
            ? null
            : new PullCredentials(new JsonObject { ["auths"] = auths.DeepClone() }.ToJsonString());
    }

    /// <summary>Without the secrets.</summary>
    public override string ToString() => nameof(PullCredentials);
}
