using CustomExecutor.Core.JobPod;
using CustomExecutor.Core.Kubernetes;
using CustomExecutor.Tests.Config;
using k8s.Models;
using static CustomExecutor.Tests.JobPod.JobPodFixtures;

namespace CustomExecutor.Tests.JobPod;

/// <summary>Which pods with a job's containers the driver's token can create under config/kubernetes/admission-policy,
/// and where it can run commands.</summary>
public sealed class JobPodAdmissionSpecs(AdmissionPolicyFixture server) : IClassFixture<AdmissionPolicyFixture>
{
    [Theory]
    [InlineData("{}", 36)]
    [InlineData("{}", 34)]
    [InlineData("{}", 29)]
    [InlineData("""{"job": {"securityContext": "restricted"}}""", 36)]
    [InlineData(
        """{"job": {"runAsUser": 0, "dns": {"policy": "Default"}}, "builder": {"imagePullSecrets": ["pull"]}}""",
        36
    )]
    public async Task The_drivers_own_pods_are_accepted(string settings, int minor)
    {
        SkipWithoutPolicies();
        var spec = Spec(FullJob, settings, new ServerVersion(1, minor), server.Namespace.Name);

        (await server.Refusal(JobPodManifest.Create(spec))).Should().BeNull();
        (await server.Refusal(JobSecretManifest.Create(spec, Guid.NewGuid().ToString()))).Should().BeNull();
    }

    public static TheoryData<string, Action<V1Pod>> EvilPods =>
        new()
        {
            { "only container", p => p.Metadata.Labels.Remove("custom-executor/run-in") },
            { "containers must be", p => p.Spec.Containers.Add(new V1Container { Name = "other", Image = "i" }) },
            { "containers must be", p => p.Spec.Containers.RemoveAt(0) },
            { "containers must be", p => p.Spec.InitContainers = [new V1Container { Name = "first", Image = "i" }] },
            {
                "volume",
                p =>
                    p.Spec.Volumes.Add(
                        new V1Volume
                        {
                            Name = "v",
                            HostPath = new V1HostPathVolumeSource { Path = "/" },
                        }
                    )
            },
            {
                "volume",
                p =>
                    p.Spec.Volumes.Add(
                        new V1Volume
                        {
                            Name = "v",
                            Image = new V1ImageVolumeSource { Reference = "i" },
                        }
                    )
            },
            {
                "volume",
                p =>
                    p.Spec.Volumes.Add(
                        new V1Volume
                        {
                            Name = "v",
                            Secret = new V1SecretVolumeSource { SecretName = "another-jobs" },
                        }
                    )
            },
            {
                "volume",
                p =>
                    p.Spec.Volumes.Add(
                        new V1Volume
                        {
                            Name = "v",
                            PersistentVolumeClaim = new V1PersistentVolumeClaimVolumeSource { ClaimName = "c" },
                        }
                    )
            },
            { "buildkitd.toml alone", p => p.Spec.Volumes.Single(v => v.Secret is not null).Secret.Items = null },
            {
                "env",
                p =>
                    p.Spec.Containers[2]
                        .Env.Add(
                            new V1EnvVar
                            {
                                Name = "A",
                                ValueFrom = new V1EnvVarSource
                                {
                                    SecretKeyRef = new V1SecretKeySelector { Name = "another-jobs", Key = "k" },
                                },
                            }
                        )
            },
            { "env", p => p.Spec.Containers[1].Env = [new V1EnvVar { Name = "A", Value = "b" }] },
            {
                "env",
                p =>
                    p.Spec.Containers[2].EnvFrom = [
                        new V1EnvFromSource { SecretRef = new V1SecretEnvSource { Name = "s" } },
                    ]
            },
            { "command", p => p.Spec.Containers[1].Command = ["sh"] },
            { "shareProcessNamespace", p => p.Spec.ShareProcessNamespace = true },
            { "runAsNonRoot", p => p.Spec.Containers[1].SecurityContext.RunAsNonRoot = null },
            { "runAsUser", p => p.Spec.Containers[1].SecurityContext.RunAsUser = 0 },
            { "supplementalGroups", p => p.Spec.SecurityContext.SupplementalGroups = [0] },
            { "privileged", p => p.Spec.Containers[2].SecurityContext = new V1SecurityContext { Privileged = true } },
            { "capabilities", p => p.Spec.Containers[0].SecurityContext.Capabilities.Add.Add("SYS_ADMIN") },
            { "capabilities", p => p.Spec.Containers[2].SecurityContext.Capabilities.Add = ["CHOWN"] },
            { "capabilities", p => p.Spec.Containers[3].SecurityContext.Capabilities = null },
            { "privilege escalation", p => p.Spec.Containers[2].SecurityContext.AllowPrivilegeEscalation = null },
            {
                "seccompProfile",
                p => p.Spec.Containers[0].SecurityContext.SeccompProfile = new V1SeccompProfile { Type = "Unconfined" }
            },
            { "seccompProfile", p => p.Spec.Containers[2].SecurityContext.SeccompProfile = null },
            {
                "seccompProfile",
                p =>
                    p.Spec.Containers[2].SecurityContext.AppArmorProfile = new V1AppArmorProfile { Type = "Unconfined" }
            },
            {
                "appArmorProfile",
                p => p.Metadata.Annotations["container.apparmor.security.beta.kubernetes.io/build"] = "unconfined"
            },
            {
                "seLinuxOptions",
                p => p.Spec.Containers[2].SecurityContext.SeLinuxOptions = new V1SELinuxOptions { Type = "spc_t" }
            },
            {
                "probes",
                p =>
                    p.Spec.Containers[3].LivenessProbe = new V1Probe
                    {
                        HttpGet = new V1HTTPGetAction { Host = "169.254.169.254", Port = 80 },
                    }
            },
            {
                "hostPort",
                p => p.Spec.Containers[3].Ports = [new V1ContainerPort { ContainerPort = 80, HostPort = 80 }]
            },
            { "hostNetwork", p => p.Spec.HostNetwork = true },
            { "service account", p => p.Spec.ServiceAccountName = "custom-executor" },
            { "volume", p => p.Spec.AutomountServiceAccountToken = true },
            { "activeDeadlineSeconds", p => p.Spec.ActiveDeadlineSeconds = null },
        };

    [Theory]
    [MemberData(nameof(EvilPods), DisableDiscoveryEnumeration = true)]
    public async Task Any_other_pod_is_refused_with_the_field_that_is_wrong(string field, Action<V1Pod> change)
    {
        SkipWithoutPolicies();
        var pod = JobPodManifest.Create(Spec(FullJob, "{}", new ServerVersion(1, 36), server.Namespace.Name));
        change(pod);

        (await server.Refusal(pod)).Should().Contain("ValidatingAdmissionPolicy").And.Contain(field);
    }

    [Theory]
    [InlineData("k8s-builder-1-x", "build", "exec", null)]
    [InlineData("k8s-builder-1-x", "helper", "exec", null)]
    [InlineData("k8s-builder-1-x", "buildkitd", "exec", "the container must be helper or build")]
    [InlineData("k8s-builder-1-x", "svc-0", "exec", "the container must be helper or build")]
    [InlineData("web", "build", "exec", "the pod's name must be")]
    public async Task Commands_run_in_a_jobs_two_containers_alone(
        string pod,
        string container,
        string verb,
        string? refusal
    )
    {
        SkipWithoutPolicies();

        var answer = await server.AnswerToExec(pod, container, verb);

        if (refusal is null)
            answer.Should().Contain("not found").And.NotContain("ValidatingAdmissionPolicy");
        else
            answer.Should().Contain("ValidatingAdmissionPolicy").And.Contain(refusal);
    }

    private void SkipWithoutPolicies() => Assert.SkipWhen(server.Skipped is not null, server.Skipped ?? "");
}
