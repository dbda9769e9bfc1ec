using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Builder.Diagnosis;
using CustomExecutor.Core.Settings;
using k8s.Models;
using static CustomExecutor.Core.Tests.Builder.PodFixtures;

namespace CustomExecutor.Core.Tests.Builder.Diagnosis;

/// <summary>A policy of the cluster changes the pod, and a rootless BuildKit does not start: the field is named
/// whatever its log says.</summary>
public sealed class PodChangesSpecs
{
    /// <summary>What OpenShift's constraints, Pod Security mutators, Kyverno and Gatekeeper are known to set.</summary>
    public static TheoryData<string, Action<V1PodSpec>> Changes =>
        new()
        {
            {
                "securityContext.runAsUser is 1000660000 (the driver sets 1000)",
                p => p.SecurityContext.RunAsUser = 1000660000
            },
            { "securityContext.runAsUser is 0 (the driver sets 1000)", p => p.SecurityContext.RunAsUser = 0 },
            { "securityContext.runAsUser is absent (the driver sets 1000)", p => p.SecurityContext.RunAsUser = null },
            { "securityContext.runAsGroup is 0 (the driver sets 1000)", p => p.SecurityContext.RunAsGroup = 0 },
            {
                "securityContext.fsGroup is 1000660000 (the driver sets 1000)",
                p => p.SecurityContext.FsGroup = 1000660000
            },
            { "securityContext.fsGroup is absent (the driver sets 1000)", p => p.SecurityContext.FsGroup = null },
            {
                "securityContext.seccompProfile.type is RuntimeDefault (the driver sets Unconfined)",
                p => p.SecurityContext.SeccompProfile = new V1SeccompProfile { Type = "RuntimeDefault" }
            },
            {
                "securityContext.appArmorProfile.type is RuntimeDefault (the driver sets Unconfined)",
                p => p.SecurityContext.AppArmorProfile = new V1AppArmorProfile { Type = "RuntimeDefault" }
            },
            {
                "securityContext.seLinuxOptions.type is container_t (the driver sets none)",
                p => p.SecurityContext.SeLinuxOptions = new V1SELinuxOptions { Type = "container_t" }
            },
            { "hostUsers is false (the driver sets none)", p => p.HostUsers = false },
            { "hostNetwork is true (the driver sets none)", p => p.HostNetwork = true },
            { "runtimeClassName is gvisor (the driver sets none)", p => p.RuntimeClassName = "gvisor" },
            { "restartPolicy is Always (the driver sets Never)", p => p.RestartPolicy = "Always" },
            { "volumes is config (the driver sets config, state)", p => p.Volumes = [p.Volumes[0]] },
            {
                "volumes is config (the driver sets config, state)",
                p =>
                    p.Volumes[1] = new V1Volume
                    {
                        Name = "state",
                        HostPath = new V1HostPathVolumeSource { Path = "/x" },
                    }
            },
            { "container.securityContext.runAsUser is 2000 (the driver sets none)", p => Own(p).RunAsUser = 2000 },
            { "container.securityContext.runAsGroup is 2000 (the driver sets none)", p => Own(p).RunAsGroup = 2000 },
            {
                "container.securityContext.allowPrivilegeEscalation is false (the driver sets true)",
                p => Own(p).AllowPrivilegeEscalation = false
            },
            {
                "container.securityContext.capabilities.add is absent (the driver sets SETGID, SETUID)",
                p => Own(p).Capabilities.Add = null
            },
            {
                "container.securityContext.capabilities.add is SETGID (the driver sets SETGID, SETUID)",
                p => Own(p).Capabilities.Add = ["SETGID"]
            },
            {
                "container.securityContext.readOnlyRootFilesystem is true (the driver sets none)",
                p => Own(p).ReadOnlyRootFilesystem = true
            },
            {
                "container.securityContext.seccompProfile.type is RuntimeDefault (the driver sets none)",
                p => Own(p).SeccompProfile = new V1SeccompProfile { Type = "RuntimeDefault" }
            },
            {
                "container.securityContext.appArmorProfile.type is Localhost (the driver sets none)",
                p => Own(p).AppArmorProfile = new V1AppArmorProfile { Type = "Localhost" }
            },
            {
                "container.securityContext.seLinuxOptions.type is container_t (the driver sets none)",
                p => Own(p).SeLinuxOptions = new V1SELinuxOptions { Type = "container_t" }
            },
            {
                "container.command is /bin/wrapper (the driver sets none)",
                p => p.Containers[0].Command = ["/bin/wrapper"]
            },
            {
                "container.args is --debug (the driver sets buildkitd's addresses",
                p => p.Containers[0].Args = ["--debug"]
            },
            { "container.args is absent (the driver sets buildkitd's addresses", p => p.Containers[0].Args = null },
            {
                "container.volumeMounts is /etc/buildkit (the driver sets /etc/buildkit, "
                    + "/home/user/.local/share/buildkit)",
                p => p.Containers[0].VolumeMounts.RemoveAt(1)
            },
            {
                "container.env is BUILDKIT_HOST (the driver sets none)",
                p => p.Containers[0].Env = [new V1EnvVar { Name = "BUILDKIT_HOST", Value = "s3cret" }]
            },
        };

    [Theory]
    [MemberData(nameof(Changes), DisableDiscoveryEnumeration = true)]
    public void A_field_that_was_changed_is_named_with_both_values(string sentence, Action<V1PodSpec> change)
    {
        var pod = Pod(Ended("Error", 1, "something that nobody knows"));
        change(pod.Spec);

        Fails(new PodObservation(pod))
            .Should()
            .StartWith(
                "The builder ended before it was ready: Error, exit code 1\nA webhook or policy of the cluster "
                    + "changed the builder's pod: "
            )
            .And.Contain(sentence)
            .And.Contain("Exempt the builders' namespace")
            .And.NotContain("s3cret");
    }

    [Fact]
    public void Several_changes_are_all_named()
    {
        var pod = Pod(Ended("Error", 1));
        (pod.Spec.SecurityContext.RunAsUser, pod.Spec.SecurityContext.FsGroup) = (1000660000, 1000660000);

        Fails(new PodObservation(pod))
            .Should()
            .Contain("securityContext.runAsUser is 1000660000")
            .And.Contain("securityContext.fsGroup is 1000660000");
    }

    [Fact]
    public void A_container_that_the_runtime_refuses_names_them_too()
    {
        var pod = Pod(Waiting("CreateContainerConfigError", "container has runAsNonRoot and image will run as root"));
        pod.Spec.SecurityContext.RunAsUser = 0;

        Fails(new PodObservation(pod) { Since = TimeSpan.FromSeconds(20) })
            .Should()
            .Contain("securityContext.runAsUser is 0");
    }

    /// <summary>What clusters add to every pod, and what BuildKit can do with.</summary>
    public static TheoryData<Action<V1PodSpec>> Harmless =>
        new()
        {
            p => p.ServiceAccountName = "default",
            p => p.SecurityContext.RunAsNonRoot = null,
            p => Own(p).RunAsNonRoot = true,
            p => Own(p).RunAsUser = 1000,
            p => Own(p).Privileged = false,
            p => Own(p).ReadOnlyRootFilesystem = false,
            p => Own(p).ProcMount = "Default",
            p => Own(p).Capabilities.Add = ["SETUID", "SETGID", "CHOWN"],
            p => p.HostUsers = true,
            p => p.HostNetwork = false,
            p => p.PriorityClassName = "builds",
            p => p.Tolerations = [new V1Toleration { Key = "node.kubernetes.io/not-ready" }],
            p => p.DnsPolicy = "ClusterFirst",
            p => p.Volumes = [.. p.Volumes, new V1Volume { Name = "mesh", EmptyDir = new V1EmptyDirVolumeSource() }],
            p =>
                p.Containers[0].VolumeMounts = [
                    .. p.Containers[0].VolumeMounts,
                    new V1VolumeMount { Name = "mesh", MountPath = "/mesh" },
                ],
            p => p.Containers[0].Image = "mirror.example.com/buildkit",
        };

    [Theory]
    [MemberData(nameof(Harmless), DisableDiscoveryEnumeration = true)]
    public void A_change_that_BuildKit_can_do_with_is_not_blamed(Action<V1PodSpec> change)
    {
        var pod = Pod(Ended("Error", 1));
        change(pod.Spec);

        Fails(new PodObservation(pod)).Should().Be("The builder ended before it was ready: Error, exit code 1");
    }

    [Theory]
    [InlineData(29)]
    [InlineData(30)]
    public void A_pod_that_nobody_changed_blames_nobody_whether_AppArmor_is_a_field_or_an_annotation(int minor)
    {
        var pod = PodManifest.Create(
            BuilderFixtures.Spec(
                minor: minor,
                settings: new DriverSettings { Builder = new BuilderSettings { BuildkitdFlags = ["--debug"] } }
            )
        );
        pod.Status = Ended("Error", 1);

        Fails(new PodObservation(pod)).Should().NotContain("changed");
    }

    [Fact]
    public void A_builder_that_dies_under_a_build_blames_nobody_for_it_was_able_to_start()
    {
        var pod = Pod(Ended("Error", 1));
        pod.Spec.SecurityContext.FsGroup = 5;

        Fails(new PodObservation(pod) { Phase = BuilderPhase.InUse }).Should().NotContain("changed");
    }

    private static V1SecurityContext Own(V1PodSpec pod) => pod.Containers[0].SecurityContext;
}
