using System.Text;
using CustomExecutor.Core.Builder;
using k8s.Models;

namespace CustomExecutor.Core.JobPod;

/// <summary>What a job's pod is given in secret: the builder's configuration, logins for images, and services' secret
/// variables. Kubernetes removes it with the pod.</summary>
public static class JobSecretManifest
{
    private const string DockerConfigKey = ".dockerconfigjson";

    /// <summary>The secret. It may come after the pod: the node waits for its mount before it reads pull
    /// secrets.</summary>
    /// <param name="spec">The pod.</param>
    /// <param name="podUid">The uid of the pod, which exists already: an owner reference needs it.</param>
    public static V1Secret Create(JobPodSpec spec, string podUid)
    {
        var data = new Dictionary<string, byte[]>
        {
            [SecretManifest.Toml] = Encoding.UTF8.GetBytes(spec.Builder.BuildkitdToml),
        };
        if (spec.PullCredentials is { } credentials)
            data[DockerConfigKey] = Encoding.UTF8.GetBytes(credentials.DockerConfigJson);
        foreach (var service in spec.Services)
        {
            foreach (var variable in service.Variables.Where(variable => variable.IsSecret))
                data[variable.KeyFor(service.Container.Container.Name)] = Encoding.UTF8.GetBytes(variable.Value);
        }

        return SecretManifest.Create(
            spec.Builder,
            podUid,
            spec.PullCredentials is null ? "Opaque" : "kubernetes.io/dockerconfigjson",
            data
        );
    }
}
