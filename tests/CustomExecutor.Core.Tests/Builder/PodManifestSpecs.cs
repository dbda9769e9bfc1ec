using System.Runtime.InteropServices;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Settings;
using k8s.Models;
using static CustomExecutor.Core.Tests.Builder.BuilderFixtures;

namespace CustomExecutor.Core.Tests.Builder;

public sealed class PodManifestSpecs
{
    [Fact]
    public void The_pod_is_what_was_decided()
    {
        var spec = Spec();

        var pod = PodManifest.Create(spec);

        (pod.ApiVersion, pod.Kind, pod.Name(), pod.Namespace()).Should().Be(("v1", "Pod", Name, "gitlab-builders"));
        pod.Labels().Should().BeEquivalentTo(spec.Labels);
        pod.Annotations().Should().BeEquivalentTo(spec.Annotations);
    }

    [Fact]
    public void The_pod_ends_by_itself_whatever_becomes_of_the_driver()
    {
        var pod = PodManifest.Create(Spec()).Spec;

        pod.ActiveDeadlineSeconds.Should().Be(3900);
        pod.RestartPolicy.Should().Be("Never");
        pod.TerminationGracePeriodSeconds.Should().Be(5);
    }

    [Theory]
    [InlineData(1, 301)]
    [InlineData(int.MaxValue, int.MaxValue)]
    [InlineData(long.MaxValue, int.MaxValue)]
    public void The_deadline_stays_within_what_Kubernetes_takes(long timeout, long deadline) =>
        PodManifest.Create(Spec(JobOf(timeout: timeout))).Spec.ActiveDeadlineSeconds.Should().Be(deadline);

    [Fact]
    public void The_pod_has_no_rights_in_the_cluster_and_learns_of_no_service()
    {
        var pod = PodManifest.Create(Spec()).Spec;

        pod.AutomountServiceAccountToken.Should().BeFalse();
        pod.EnableServiceLinks.Should().BeFalse();
        pod.ServiceAccountName.Should().BeNull();
        (pod.HostNetwork, pod.HostPID, pod.HostIPC).Should().Be((null, null, null));
        pod.Volumes.Should().OnlyContain(v => v.HostPath == null);
    }

    [Fact]
    public void The_security_context_is_exactly_what_rootless_BuildKit_needs()
    {
        var pod = PodManifest.Create(Spec()).Spec;

        Json(pod.SecurityContext)
            .Should()
            .Be(
                """{"appArmorProfile":{"type":"Unconfined"},"fsGroup":1000,"runAsGroup":1000,"runAsNonRoot":true,"runAsUser":1000,"seccompProfile":{"type":"Unconfined"}}"""
            );
        Json(pod.Containers.Should().ContainSingle().Which.SecurityContext)
            .Should()
            .Be("""{"allowPrivilegeEscalation":true,"capabilities":{"add":["SETUID","SETGID"],"drop":["ALL"]}}""");
    }

    [Theory]
    [InlineData(30, true)]
    [InlineData(29, false)]
    public void AppArmor_is_told_by_the_field_or_by_the_annotation_and_never_by_both(int minor, bool field)
    {
        var pod = PodManifest.Create(Spec(minor: minor));

        (pod.Spec.SecurityContext.AppArmorProfile is not null).Should().Be(field);
        (pod.GetAnnotation("container.apparmor.security.beta.kubernetes.io/buildkitd") == "unconfined")
            .Should()
            .Be(!field);
    }

    [Fact]
    public void BuildKit_listens_with_mutual_TLS_and_the_admins_flags_come_last()
    {
        var container = PodOf(new BuilderSettings { BuildkitdFlags = ["--debug", "--oci-worker-gc=false"] }).Containers[
            0
        ];

        container.Name.Should().Be("buildkitd");
        container.Command.Should().BeNull("the image's entry point starts rootlesskit");
        container
            .Args.Should()
            .Equal(
                "--addr",
                "unix:///run/user/1000/buildkit/buildkitd.sock",
                "--addr",
                "tcp://0.0.0.0:1234",
                "--tlscacert",
                "/etc/buildkit/ca.pem",
                "--tlscert",
                "/etc/buildkit/cert.pem",
                "--tlskey",
                "/etc/buildkit/key.pem",
                "--config",
                "/etc/buildkit/buildkitd.toml",
                "--oci-worker-no-process-sandbox",
                "--debug",
                "--oci-worker-gc=false"
            );
        container.Ports.Should().ContainSingle().Which.ContainerPort.Should().Be(1234);
        (container.ReadinessProbe ?? container.LivenessProbe ?? container.StartupProbe)
            .Should()
            .BeNull("the driver's own handshake decides");
    }

    [Fact]
    public void Its_state_lies_on_a_volume_that_can_not_fill_the_node()
    {
        var pod = PodOf(new BuilderSettings { StateSizeLimit = "5Gi" });

        Json(pod.Volumes)
            .Should()
            .Be(
                """[{"name":"config","secret":{"defaultMode":288,"secretName":"k8s-builder-7-bcdfghjk"}},{"emptyDir":{"sizeLimit":"5Gi"},"name":"state"}]"""
            );
        Json(pod.Containers[0].VolumeMounts)
            .Should()
            .Be(
                """[{"mountPath":"/etc/buildkit","name":"config","readOnly":true},{"mountPath":"/home/user/.local/share/buildkit","name":"state"}]"""
            );
    }

    [Fact]
    public void Requests_and_limits_are_the_admins()
    {
        var settings = new BuilderSettings
        {
            Resources = new ResourceSettings
            {
                Requests = Of(("cpu", "250m")),
                Limits = Of(("memory", "8Gi"), ("nvidia.com/gpu", "1")),
            },
        };

        var resources = PodOf(settings).Containers[0].Resources;

        Json(resources).Should().Be("""{"limits":{"memory":"8Gi","nvidia.com/gpu":"1"},"requests":{"cpu":"250m"}}""");
    }

    [Fact]
    public void Where_it_runs_is_the_admins_choice()
    {
        var settings = new BuilderSettings
        {
            Image = "registry.example.com/buildkit:1",
            ImagePullPolicy = ImagePullPolicy.Always,
            ImagePullSecrets = ["pull"],
            NodeSelector = Of(("kubernetes.io/arch", "arm64")),
            Tolerations =
            [
                new TolerationSettings
                {
                    Key = "builds",
                    Value = "yes",
                    Effect = TaintEffect.NoSchedule,
                },
                new TolerationSettings { Operator = TolerationOperator.Exists },
            ],
        };

        var pod = PodOf(settings);

        (pod.Containers[0].Image, pod.Containers[0].ImagePullPolicy)
            .Should()
            .Be(("registry.example.com/buildkit:1", "Always"));
        Json(pod.ImagePullSecrets).Should().Be("""[{"name":"pull"}]""");
        pod.NodeSelector.Should().Contain("kubernetes.io/arch", "arm64");
        Json(pod.Tolerations)
            .Should()
            .Be("""[{"effect":"NoSchedule","key":"builds","operator":"Equal","value":"yes"},{"operator":"Exists"}]""");
    }

    [Fact]
    public void What_the_admin_did_not_choose_is_left_to_the_cluster()
    {
        var settings = new BuilderSettings
        {
            Resources = new ResourceSettings { Requests = Of(), Limits = Of() },
        };

        var pod = PodOf(settings);

        object?[] unset =
        [
            pod.ImagePullSecrets,
            pod.Tolerations,
            pod.Affinity,
            pod.Containers[0].Resources.Requests,
            pod.Containers[0].Resources.Limits,
        ];
        unset.Should().OnlyContain(o => o == null);
    }

    [Fact]
    public void It_runs_on_Linux_nodes_of_the_runners_own_architecture() =>
        PodOf(new BuilderSettings())
            .NodeSelector.Should()
            .Equal(Of(("kubernetes.io/os", "linux"), ("kubernetes.io/arch", "amd64")));

    [Theory]
    [InlineData("disk", "nvme", "linux", "amd64")]
    [InlineData("kubernetes.io/arch", "arm64", "linux", "arm64")]
    [InlineData("kubernetes.io/arch", "", "linux", "")]
    [InlineData("kubernetes.io/os", "haiku", "haiku", "amd64")]
    [InlineData("kubernetes.io/hostname", "node-7", "linux", "amd64")]
    [InlineData("node.kubernetes.io/instance-type", "c7g.large", "linux", "amd64")]
    public void Labels_of_the_settings_are_added_and_replace_the_drivers_own(
        string key,
        string value,
        string os,
        string arch
    )
    {
        var labels = PodOf(new BuilderSettings { NodeSelector = Of((key, value)) }).NodeSelector;

        labels.Should().Contain(key, value).And.Contain("kubernetes.io/os", os).And.Contain("kubernetes.io/arch", arch);
    }

    [Theory]
    [InlineData(Architecture.X64, "amd64")]
    [InlineData(Architecture.Arm64, "arm64")]
    [InlineData(Architecture.X86, "386")]
    [InlineData(Architecture.Arm, "arm")]
    [InlineData(Architecture.Armv6, "arm")]
    [InlineData(Architecture.S390x, "s390x")]
    [InlineData(Architecture.Ppc64le, "ppc64le")]
    [InlineData(Architecture.LoongArch64, "loong64")]
    [InlineData(Architecture.RiscV64, "riscv64")]
    public void Kubernetes_names_architectures_as_Go_does(Architecture host, string label) =>
        PodManifest.Create(Spec(host: host)).Spec.NodeSelector["kubernetes.io/arch"].Should().Be(label);

    private static V1PodSpec PodOf(BuilderSettings settings) =>
        PodManifest.Create(Spec(settings: new DriverSettings { Builder = settings })).Spec;

    private static Dictionary<string, string> Of(params (string Name, string Value)[] entries) =>
        entries.ToDictionary(e => e.Name, e => e.Value);

    private static string Json<T>(T part) => KubernetesJsonText.Sorted(part);

    private static string Json<T>(IList<T> parts) => KubernetesJsonText.Sorted(parts);
}
