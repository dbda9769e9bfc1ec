using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Settings;
using CustomExecutor.Testing.Cluster;
using k8s;
using k8s.Models;

namespace CustomExecutor.Tests.Config;

/// <summary>What the driver's token can create where config/kubernetes/admission-policy is applied.</summary>
public sealed class AdmissionPolicySpecs(AdmissionPolicyFixture server) : IClassFixture<AdmissionPolicyFixture>
{
    public static TheoryData<string, Action<BuilderSettings>> Settings =>
        new()
        {
            { "defaults", _ => { } },
            {
                "image",
                s =>
                    (s.Image, s.ImagePullPolicy, s.ImagePullSecrets) = (
                        "registry.example.com/buildkit@sha256:" + new string('0', 64),
                        ImagePullPolicy.Always,
                        ["pull"]
                    )
            },
            { "no resources", s => s.Resources = new ResourceSettings { Requests = Of(), Limits = Of() } },
            {
                "resources",
                s =>
                    s.Resources = new ResourceSettings
                    {
                        Requests = Of(("cpu", "1"), ("nvidia.com/gpu", "1")),
                        Limits = Of(("cpu", "1"), ("nvidia.com/gpu", "1")),
                    }
            },
            {
                "placement",
                s =>
                    (s.NodeSelector, s.Tolerations) = (
                        Of(("kubernetes.io/arch", "arm64"), ("disk", "nvme")),
                        [new TolerationSettings { Operator = TolerationOperator.Exists }]
                    )
            },
            { "flags", s => s.BuildkitdFlags = ["--debug", "--allow-insecure-entitlement", "network.host"] },
            { "state", s => s.StateSizeLimit = "5Gi" },
        };

    [Theory]
    [MemberData(nameof(Settings), DisableDiscoveryEnumeration = true)]
    public async Task The_drivers_own_pods_are_accepted_whatever_the_settings(string name, Action<BuilderSettings> with)
    {
        SkipWithoutPolicies();

        (await server.Refusal(PolicyFixtures.Pod(server.Namespace.Name, with))).Should().BeNull(name);
    }

    [Theory]
    [InlineData(29)]
    [InlineData(30)]
    public async Task The_drivers_own_pods_are_accepted_with_either_form_of_AppArmor_and_with_an_owner(int minor)
    {
        SkipWithoutPolicies();
        var owner = new OwnerPod("runner", Guid.NewGuid().ToString());

        (await server.Refusal(PolicyFixtures.Pod(server.Namespace.Name, minor: minor, owner: owner))).Should().BeNull();
        (await server.Refusal(PolicyFixtures.Secret(server.Namespace.Name))).Should().BeNull();
    }

    public static TheoryData<string, Action<V1Pod>> EvilPods =>
        new()
        {
            { "metadata.name", p => p.Metadata.Name = "miner" },
            { "metadata.name", p => p.Metadata.Name = "k8s-builder-x-1.evil" },
            { "labels", p => p.Metadata.Labels.Remove("app.kubernetes.io/managed-by") },
            { "labels", p => p.Metadata.Labels["app.kubernetes.io/component"] = "web" },
            { "labels", p => p.Metadata.Labels = null },
            { "finalizers", p => p.Metadata.Finalizers = ["example.com/never"] },
            {
                "ownerReferences",
                p =>
                    p.Metadata.OwnerReferences = [
                        new V1OwnerReference
                        {
                            ApiVersion = "v1",
                            Kind = "ConfigMap",
                            Name = "x",
                            Uid = "u",
                        },
                    ]
            },
            { "annotations", p => p.Metadata.Annotations["io.kubernetes.cri-o.Devices"] = "/dev/sda" },
            { "annotations", p => p.Metadata.Annotations["cdi.k8s.io/x"] = "vendor.com/device=all" },
            { "annotations", p => p.Metadata.Annotations["k8s.v1.cni.cncf.io/networks"] = "host" },
            { "hostNetwork", p => p.Spec.HostNetwork = true },
            { "hostPID", p => p.Spec.HostPID = true },
            { "hostIPC", p => p.Spec.HostIPC = true },
            { "only container", p => p.Spec.Containers.Add(new V1Container { Name = "second", Image = "i" }) },
            { "only container", p => p.Spec.Containers[0].Name = "other" },
            { "only container", p => p.Spec.InitContainers = [new V1Container { Name = "first", Image = "i" }] },
            {
                "volume",
                p =>
                    p.Spec.Volumes.Add(
                        new V1Volume
                        {
                            Name = "root",
                            HostPath = new V1HostPathVolumeSource { Path = "/" },
                        }
                    )
            },
            { "volume", p => p.Spec.Volumes[0].Secret.SecretName = "another-jobs" },
            {
                "volume",
                p =>
                    p.Spec.Volumes.Add(
                        new V1Volume
                        {
                            Name = "v",
                            ConfigMap = new V1ConfigMapVolumeSource { Name = "c" },
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
            {
                "volume",
                p =>
                    p.Spec.Volumes.Add(
                        new V1Volume
                        {
                            Name = "v",
                            Nfs = new V1NFSVolumeSource { Server = "s", Path = "/" },
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
                            Csi = new V1CSIVolumeSource { Driver = "secrets-store.csi.k8s.io" },
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
                            Projected = new V1ProjectedVolumeSource
                            {
                                Sources = [new V1VolumeProjection { Secret = new V1SecretProjection { Name = "s" } }],
                            },
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
                            Projected = new V1ProjectedVolumeSource
                            {
                                Sources =
                                [
                                    new V1VolumeProjection
                                    {
                                        ServiceAccountToken = new V1ServiceAccountTokenProjection { Path = "t" },
                                    },
                                ],
                            },
                        }
                    )
            },
            {
                "env",
                p =>
                    p.Spec.Containers[0].Env = [
                        new V1EnvVar
                        {
                            Name = "A",
                            ValueFrom = new V1EnvVarSource
                            {
                                SecretKeyRef = new V1SecretKeySelector { Name = "s", Key = "k" },
                            },
                        },
                    ]
            },
            {
                "env",
                p =>
                    p.Spec.Containers[0].EnvFrom = [
                        new V1EnvFromSource { SecretRef = new V1SecretEnvSource { Name = "s" } },
                    ]
            },
            { "command", p => p.Spec.Containers[0].Command = ["/bin/sh"] },
            { "service account", p => p.Spec.ServiceAccountName = "custom-executor" },
            { "volume", p => p.Spec.AutomountServiceAccountToken = true }, // The server itself then adds the token's volume.
            { "priorityClassName", p => p.Spec.PriorityClassName = "system-node-critical" },
            {
                "windowsOptions",
                p => p.Spec.SecurityContext.WindowsOptions = new V1WindowsSecurityContextOptions { RunAsUserName = "x" }
            },
            { "runAsNonRoot", p => p.Spec.SecurityContext.RunAsNonRoot = false },
            { "runAsNonRoot", p => p.Spec.SecurityContext.RunAsUser = 0 },
            { "runAsNonRoot", p => p.Spec.SecurityContext.RunAsUser = null },
            { "runAsNonRoot", p => p.Spec.SecurityContext = null },
            { "runAsNonRoot", p => p.Spec.Containers[0].SecurityContext.RunAsUser = 0 },
            { "runAsNonRoot", p => p.Spec.Containers[0].SecurityContext.RunAsNonRoot = false },
            { "runAsGroup", p => p.Spec.SecurityContext.RunAsGroup = 0 },
            { "runAsGroup", p => p.Spec.Containers[0].SecurityContext.RunAsGroup = 0 },
            { "fsGroup", p => p.Spec.SecurityContext.FsGroup = 0 },
            { "supplementalGroups", p => p.Spec.SecurityContext.SupplementalGroups = [0] },
            { "privileged", p => p.Spec.Containers[0].SecurityContext.Privileged = true },
            { "capabilities", p => p.Spec.Containers[0].SecurityContext.Capabilities.Add = ["SYS_ADMIN"] },
            { "capabilities", p => p.Spec.Containers[0].SecurityContext.Capabilities.Add = ["ALL"] },
            { "capabilities", p => p.Spec.Containers[0].SecurityContext.Capabilities.Drop = null },
            { "capabilities", p => p.Spec.Containers[0].SecurityContext.Capabilities = null },
            { "capabilities", p => p.Spec.Containers[0].SecurityContext = null },
            {
                "procMount",
                p => (p.Spec.Containers[0].SecurityContext.ProcMount, p.Spec.HostUsers) = ("Unmasked", false)
            },
            { "seLinuxOptions", p => p.Spec.SecurityContext.SeLinuxOptions = new V1SELinuxOptions { Type = "spc_t" } },
            {
                "seLinuxOptions",
                p => p.Spec.Containers[0].SecurityContext.SeLinuxOptions = new V1SELinuxOptions { User = "system_u" }
            },
            {
                "sysctls",
                p => p.Spec.SecurityContext.Sysctls = [new V1Sysctl { Name = "kernel.shm_rmid_forced", Value = "1" }]
            },
            {
                "probes",
                p =>
                    p.Spec.Containers[0].LivenessProbe = new V1Probe
                    {
                        HttpGet = new V1HTTPGetAction { Host = "169.254.169.254", Port = 80 },
                    }
            },
            {
                "probes",
                p =>
                    p.Spec.Containers[0].ReadinessProbe = new V1Probe
                    {
                        TcpSocket = new V1TCPSocketAction { Host = "10.0.0.1", Port = 80 },
                    }
            },
            {
                "probes",
                p =>
                    p.Spec.Containers[0].StartupProbe = new V1Probe
                    {
                        HttpGet = new V1HTTPGetAction { Host = "169.254.169.254", Port = 80 },
                    }
            },
            {
                "lifecycle",
                p =>
                    p.Spec.Containers[0].Lifecycle = new V1Lifecycle
                    {
                        PostStart = new V1LifecycleHandler
                        {
                            HttpGet = new V1HTTPGetAction { Host = "169.254.169.254", Port = 80 },
                        },
                    }
            },
            { "hostPort", p => p.Spec.Containers[0].Ports[0].HostPort = 1234 },
            {
                "resourceClaims",
                p => p.Spec.ResourceClaims = [new V1PodResourceClaim { Name = "gpu", ResourceClaimName = "c" }]
            },
            { "nodeName", p => p.Spec.NodeName = "control-plane" },
            { "activeDeadlineSeconds", p => p.Spec.ActiveDeadlineSeconds = null },
            { "restartPolicy", p => p.Spec.RestartPolicy = "Always" },
        };

    [Theory]
    [MemberData(nameof(EvilPods), DisableDiscoveryEnumeration = true)]
    public async Task A_pod_of_any_other_shape_is_refused_with_the_field_that_is_wrong(
        string field,
        Action<V1Pod> change
    )
    {
        SkipWithoutPolicies();
        var pod = PolicyFixtures.Pod(server.Namespace.Name);
        change(pod);

        (await server.Refusal(pod)).Should().Contain("ValidatingAdmissionPolicy").And.Contain(field);
    }

    /// <summary>What clusters add to pods.</summary>
    public static TheoryData<Action<V1Pod>> Additions =>
        new()
        {
            p => p.Spec.SecurityContext.SeLinuxOptions = new V1SELinuxOptions { Level = "s0:c1,c2" },
            p => p.Spec.Containers[0].SecurityContext.SeLinuxOptions = new V1SELinuxOptions { Level = "s0:c1,c2" },
            p => p.Spec.SecurityContext.RunAsUser = 1000660000,
            p => p.Metadata.Annotations["openshift.io/scc"] = "builders",
            p => p.Metadata.Labels["example.com/team"] = "ci",
            p => p.Spec.HostUsers = false,
            p => p.Spec.ImagePullSecrets = [new V1LocalObjectReference { Name = "pull" }],
        };

    [Theory]
    [MemberData(nameof(Additions), DisableDiscoveryEnumeration = true)]
    public async Task A_harmless_addition_of_the_clusters_is_accepted(Action<V1Pod> change)
    {
        SkipWithoutPolicies();
        var pod = PolicyFixtures.Pod(server.Namespace.Name);
        change(pod);

        (await server.Refusal(pod)).Should().BeNull();
    }

    public static TheoryData<string, Action<V1Secret>> EvilSecrets =>
        new()
        {
            { "metadata.name", s => s.Metadata.Name = "foreign" },
            { "labels", s => s.Metadata.Labels = null },
            { "finalizers", s => s.Metadata.Finalizers = ["example.com/never"] },
            { "own the secret", s => s.Metadata.OwnerReferences = null },
            { "own the secret", s => s.Metadata.OwnerReferences[0].Name = "another" },
            {
                "Opaque",
                s =>
                    (s.Type, s.Metadata.Annotations["kubernetes.io/service-account.name"]) = (
                        "kubernetes.io/service-account-token",
                        "default"
                    )
            },
        };

    [Theory]
    [MemberData(nameof(EvilSecrets), DisableDiscoveryEnumeration = true)]
    public async Task A_secret_that_is_not_a_builders_is_refused(string field, Action<V1Secret> change)
    {
        SkipWithoutPolicies();
        var secret = PolicyFixtures.Secret(server.Namespace.Name);
        change(secret);

        (await server.Refusal(secret)).Should().Contain("ValidatingAdmissionPolicy").And.Contain(field);
    }

    [Fact]
    public async Task The_token_deletes_builders_and_nothing_else()
    {
        SkipWithoutPolicies();
        var (builder, secret) = (
            PolicyFixtures.Pod(server.Namespace.Name),
            PolicyFixtures.Secret(server.Namespace.Name)
        );
        var (other, password) = (
            PolicyFixtures.Pod(server.Namespace.Name),
            PolicyFixtures.Secret(server.Namespace.Name)
        );
        (other.Metadata.Name, other.Metadata.Labels, password.Metadata.Name) = ("web", null, "password");
        foreach (var pod in new[] { builder, other })
        {
            await TestCluster.Admin.CoreV1.CreateNamespacedPodAsync(
                pod,
                server.Namespace.Name,
                cancellationToken: TestContext.Current.CancellationToken
            );
        }

        foreach (var s in new[] { secret, password })
        {
            await TestCluster.Admin.CoreV1.CreateNamespacedSecretAsync(
                s,
                server.Namespace.Name,
                cancellationToken: TestContext.Current.CancellationToken
            );
        }

        (await server.RefusalToDeletePod(builder.Metadata.Name)).Should().BeNull();
        (await server.RefusalToDeleteSecret(secret.Metadata.Name)).Should().BeNull();
        (await server.RefusalToDeletePod("web")).Should().Contain("ValidatingAdmissionPolicy");
        (await server.RefusalToDeleteSecret("password")).Should().Contain("ValidatingAdmissionPolicy");
    }

    [Fact]
    public async Task Nobody_else_is_limited()
    {
        SkipWithoutPolicies();
        var pod = PolicyFixtures.Pod(server.Namespace.Name);
        (pod.Metadata.Name, pod.Metadata.Labels, pod.Spec.RestartPolicy) = ("not-a-builder", null, "Always");

        await TestCluster.Admin.CoreV1.CreateNamespacedPodAsync(
            pod,
            server.Namespace.Name,
            dryRun: "All",
            cancellationToken: TestContext.Current.CancellationToken
        );
    }

    private void SkipWithoutPolicies() => Assert.SkipWhen(server.Skipped is not null, server.Skipped ?? "");

    private static Dictionary<string, string> Of(params (string Name, string Value)[] entries) =>
        entries.ToDictionary(e => e.Name, e => e.Value);
}
