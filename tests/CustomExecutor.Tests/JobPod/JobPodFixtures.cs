using System.Runtime.InteropServices;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.JobPod;
using CustomExecutor.Core.Kubernetes;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Settings;

namespace CustomExecutor.Tests.JobPod;

/// <summary>Jobs' pods of all shapes.</summary>
internal static class JobPodFixtures
{
    /// <summary>A job with everything that a pipeline can say of images.</summary>
    public const string FullJob = """
        {
          "id": 4711, "job_info": {"project_id": 42},
          "image": {"name": "node:20", "pull_policy": ["always"], "executor_opts": {"kubernetes": {"user": "1234:5678"}}},
          "services": [
            {"name": "registry.example.com:5000/group/postgres:16", "alias": "db,database", "entrypoint": ["sh"],
              "command": ["-c", "echo $(X) $$"], "variables": [{"key": "PASSWORD", "value": "$SECRET"}]},
            {"name": "redis"}, {"name": "docker:dind"}
          ],
          "variables": [{"key": "SECRET", "value": "s3cretword"}, {"key": "A", "value": "$(B) $$", "public": true}],
          "credentials": [{"type": "registry", "url": "registry.example.com", "username": "u", "password": "p"}]
        }
        """;

    /// <summary>Settings that say something of every field of the pod.</summary>
    public const string FullSettings = """
        {
          "job": {
            "allowedImages": ["node:*"], "pullPolicies": ["Always", "Never"],
            "volumes": [
              {"mountPath": "/cache", "persistentVolumeClaim": "cache"}, {"mountPath": "/more", "persistentVolumeClaim": "cache", "readOnly": true},
              {"mountPath": "/etc/ca.pem", "configMap": "ca", "subPath": "ca.pem"}, {"mountPath": "/secret", "secret": "shared"}
            ],
            "hostAliases": [{"ip": "10.0.0.1", "hostnames": ["mirror.example.com"]}, {"ip": "2001:db8::1", "hostnames": ["six"]}],
            "dns": {"policy": "None", "nameservers": ["10.0.0.2"], "searches": ["example.com"], "options": {"ndots": "1", "rotate": ""}}
          },
          "builder": {"imagePullSecrets": ["pull"], "tolerations": [{"operator": "Exists"}]}
        }
        """;

    /// <summary>The decision for a job.</summary>
    /// <param name="job">The job response.</param>
    /// <param name="settings">The settings file.</param>
    /// <param name="server">The version that the driver takes the server for.</param>
    /// <param name="namespace">The namespace.</param>
    public static JobPodSpec Spec(string job, string settings, ServerVersion server, string @namespace)
    {
        var context = JobContext.From(JobResponse.Parse(job), "/tmp/custom-executor1");
        var choices = SettingsReader.Read(settings, "settings.json");
        choices.Kubernetes.Namespace = @namespace;
        var builder = BuilderPlanner.Plan(
            context,
            choices,
            BuilderPlanner.NameOf(context.JobId, Guid.NewGuid().ToString("N")[..8]),
            server,
            Architecture.X64,
            null,
            DateTimeOffset.UtcNow
        );
        return JobPodPlanner.Plan(builder, context, choices, null).Spec;
    }
}
