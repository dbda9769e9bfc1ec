using System.Text;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.JobPod;
using CustomExecutor.Core.Tests.Builder;
using k8s.Models;
using static CustomExecutor.Core.Tests.JobPod.JobPodFixtures;

namespace CustomExecutor.Core.Tests.JobPod;

public sealed class JobPodManifestSpecs
{
    private const string TwoServices =
        "'image': { 'name': 'node:20' }, 'services': [{ 'name': 'redis' }, { 'name': 'pg' }]";

    [Fact]
    public void The_node_starts_the_helper_first_and_the_authors_containers_last()
    {
        var pod = Pod(TwoServices);

        pod.Spec.Containers.Select(c => c.Name).Should().Equal("helper", "buildkitd", "build", "svc-0", "svc-1");
        pod.Spec.InitContainers.Should().BeNull("the tools are an image volume");
    }

    [Theory]
    [InlineData(20)]
    [InlineData(36)]
    public void The_spec_names_the_containers_and_whose_their_images_are(int minor)
    {
        var (spec, pod) = (Plan(TwoServices, minor: minor).Spec, Pod(TwoServices, minor: minor));

        (pod.Spec.InitContainers ?? [])
            .Concat(pod.Spec.Containers)
            .Select(c => (c.Name, c.Image))
            .Should()
            .Equal(spec.Containers.Select(c => (c.Name, c.Image)));
        spec.Containers.Where(c => c.Owner == ImageOwner.Author)
            .Select(c => c.Name)
            .Should()
            .Equal("build", "svc-0", "svc-1");
    }

    [Fact]
    public void It_is_found_ends_and_is_owned_as_a_builder_is()
    {
        var spec = Plan().Spec;
        var (pod, builder) = (JobPodManifest.Create(spec), PodManifest.Create(spec.Builder));

        KubernetesJsonText.Sorted(pod.Metadata).Should().Be(KubernetesJsonText.Sorted(builder.Metadata));
        pod.Metadata.Labels.Should()
            .Contain("custom-executor/run-in", "pod")
            .And.Contain("app.kubernetes.io/component", "builder");
        (
            pod.Spec.RestartPolicy,
            pod.Spec.ActiveDeadlineSeconds,
            pod.Spec.AutomountServiceAccountToken,
            pod.Spec.EnableServiceLinks
        )
            .Should()
            .Be(("Never", builder.Spec.ActiveDeadlineSeconds, false, false));
        pod.Spec.NodeSelector.Should().Equal(builder.Spec.NodeSelector);
    }

    [Fact]
    public void Only_the_builder_lacks_the_runtimes_seccomp_profile()
    {
        var pod = Pod(TwoServices, minor: 20);

        Json(pod.Spec.SecurityContext).Should().Be("""{"fsGroup":1000}""");
        pod.Spec.Containers.Concat(pod.Spec.InitContainers)
            .Where(c =>
                c.SecurityContext.SeccompProfile.Type != "RuntimeDefault"
                || c.SecurityContext.AllowPrivilegeEscalation != false
            )
            .Select(c => c.Name)
            .Should()
            .Equal("buildkitd");
        Json(pod.Container("buildkitd").SecurityContext)
            .Should()
            .Be(
                """{"allowPrivilegeEscalation":true,"capabilities":{"add":["SETUID","SETGID"],"drop":["ALL"]},"runAsGroup":1000,"runAsNonRoot":true,"runAsUser":1000,"seccompProfile":{"type":"Unconfined"}}"""
            );
    }

    [Theory]
    [InlineData(29, false)]
    [InlineData(30, true)]
    public void AppArmor_is_off_for_the_builder_alone_by_field_or_annotation(int minor, bool field)
    {
        var pod = Pod(minor: minor);

        pod.Spec.Containers.Where(c => c.SecurityContext.AppArmorProfile is not null)
            .Select(c => c.Name)
            .Should()
            .Equal(field ? ["buildkitd"] : []);
        (pod.GetAnnotation("container.apparmor.security.beta.kubernetes.io/buildkitd") is not null).Should().Be(!field);
    }

    [Theory]
    [InlineData(
        "default",
        """{"allowPrivilegeEscalation":false,"capabilities":{"drop":["NET_RAW"]},"seccompProfile":{"type":"RuntimeDefault"}}"""
    )]
    [InlineData(
        "restricted",
        """{"allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]},"runAsGroup":1000,"runAsNonRoot":true,"runAsUser":1000,"seccompProfile":{"type":"RuntimeDefault"}}"""
    )]
    public void The_authors_containers_are_confined_as_the_admin_says(string setting, string context)
    {
        var pod = Pod(TwoServices, $"{{ 'job': {{ 'securityContext': '{setting}' }} }}");

        Json(pod.Container("build").SecurityContext).Should().Be(context);
        Json(pod.Container("svc-1").SecurityContext).Should().Be(context);
    }

    [Fact]
    public void The_helper_is_root_with_power_over_files_alone() =>
        Json(Pod().Container("helper").SecurityContext)
            .Should()
            .Be(
                """{"allowPrivilegeEscalation":false,"capabilities":{"add":["CHOWN","DAC_OVERRIDE","FOWNER"],"drop":["ALL"]},"runAsGroup":0,"runAsUser":0,"seccompProfile":{"type":"RuntimeDefault"}}"""
            );

    [Theory]
    [InlineData("helper", "job builds cache scripts-helper output-helper")]
    [InlineData("buildkitd", "config state job")]
    [InlineData("build", "job builds cache scripts-build output-build tools")]
    [InlineData("svc-0", "builds")]
    public void Each_container_sees_its_own_volumes_alone(string container, string volumes) =>
        Pod(TwoServices).Container(container).VolumeMounts.Select(m => m.Name).Should().Equal(volumes.Split(' '));

    [Fact]
    public void The_builder_gets_its_configuration_of_the_secret_and_nobody_the_rest()
    {
        var pod = Pod(TwoServices);

        Json(pod.Spec.Volumes.Single(v => v.Secret is not null))
            .Should()
            .Be(
                """{"name":"config","secret":{"defaultMode":288,"items":[{"key":"buildkitd.toml","path":"buildkitd.toml"}],"secretName":"k8s-builder-7-bcdfghjk"}}"""
            );
        pod.Spec.Volumes.Where(v => v.EmptyDir?.Medium == "Memory")
            .Select(v => v.Name)
            .Should()
            .Equal("job", "scripts-helper", "scripts-build");
    }

    [Fact]
    public void BuildKit_listens_on_a_socket_in_the_pod_alone()
    {
        var buildkitd = Pod(settings: "{ 'builder': { 'buildkitdFlags': ['--debug'] } }").Container("buildkitd");

        buildkitd
            .Args.Should()
            .Equal(
                "--addr",
                "unix:///run/job/buildkitd.sock",
                "--config",
                "/etc/buildkit/buildkitd.toml",
                "--oci-worker-no-process-sandbox",
                "--debug"
            );
        buildkitd.Ports.Should().BeNull();
        new object?[] { buildkitd.Command, buildkitd.Env }
            .Should()
            .OnlyContain(o => o == null);
    }

    [Theory]
    [InlineData("{}", false)]
    [InlineData("{ 'engine': { 'image': 'r.io/driver:1' }, 'docker': { 'engineApi': false } }", false)]
    [InlineData("{ 'engine': { 'image': 'r.io/driver:1' } }", true)]
    [InlineData("{ 'engine': { 'image': 'r.io/driver:1' }, 'docker': { 'engineApi': true } }", true)]
    public void The_engine_api_is_there_where_the_admin_names_its_image(string settings, bool expected)
    {
        var (pod, spec) = (Pod(settings: settings), Plan(settings: settings).Spec);

        pod.Spec.Containers.Select(c => c.Name)
            .Should()
            .Equal(expected ? ["helper", "buildkitd", "engine", "build"] : ["helper", "buildkitd", "build"]);
        spec.Containers.Select(c => c.Name).Should().Equal(pod.Spec.Containers.Select(c => c.Name));
        spec.ToRecord().HasEngine.Should().Be(expected);
        pod.Container("build").Env.Any(v => v.Name == "DOCKER_HOST").Should().Be(expected);
        pod.Spec.Volumes.Any(v => v.Name == "images").Should().Be(expected);
    }

    [Fact]
    public void The_engine_api_has_its_images_and_the_builders_configuration_and_no_power()
    {
        var pod = Pod(settings: "{ 'engine': { 'image': 'r.io/driver:1', 'storeSizeLimit': '16Mi' } }");
        var engine = pod.Container("engine");

        string.Join(' ', engine.Command)
            .Should()
            .Be(
                "custom-executor-engine-api --socket /run/job/docker.sock --socket-mode 660 --store /var/lib/images "
                    + "--max-store-bytes 15728640 --buildkitd-config /etc/buildkit/buildkitd.toml"
            );
        engine.VolumeMounts.Select(m => m.Name).Should().Equal("job", "images", "config");
        Json(engine.SecurityContext)
            .Should()
            .Be(
                """{"allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]},"readOnlyRootFilesystem":true,"runAsGroup":1000,"runAsNonRoot":true,"runAsUser":1000,"seccompProfile":{"type":"RuntimeDefault"}}"""
            );
        pod.Spec.Volumes.Single(v => v.Name == "images").EmptyDir.SizeLimit.ToString().Should().Be("16Mi");
        pod.Container("build").Env.Should().Contain(v => v.Value == "unix:///run/job/docker.sock");
    }

    [Fact]
    public void The_tools_are_the_image_itself_or_a_copy_at_the_same_place()
    {
        var (image, copy) = (Pod(minor: 36), Pod(minor: 34));

        image
            .Spec.Volumes.Single(v => v.Name == "tools")
            .Image.Reference.Should()
            .StartWith("docker.io/library/docker:");
        copy.Spec.Volumes.Single(v => v.Name == "tools").EmptyDir.Should().NotBeNull();
        copy.Spec.InitContainers.Should()
            .ContainSingle()
            .Which.Command[2]
            .Should()
            .Contain("cp /usr/local/bin/docker /run/tools/usr/local/bin/docker;")
            .And.EndWith("docker-buildx /run/tools/usr/local/libexec/docker/cli-plugins");
        foreach (var pod in new[] { image, copy })
        {
            var mount = pod.Container("build").VolumeMounts.Single(m => m.Name == "tools");
            (mount.MountPath, mount.ReadOnlyProperty).Should().Be(("/run/tools", true));
        }

        JobPodPaths.Docker.Should().Be("/run/tools/usr/local/bin/docker");
    }

    [Fact]
    public void The_job_finds_its_builder_by_its_environment()
    {
        var pod = Pod();

        pod.Container("build")
            .Env.Select(v => $"{v.Name}={v.Value}")
            .Should()
            .Equal(
                "BUILDX_BUILDER=k8s-builder-7-bcdfghjk",
                "BUILDX_CONFIG=/run/job/buildx",
                "DOCKER_CONFIG=/run/job/docker",
                "GIT_CONFIG_COUNT=1",
                "GIT_CONFIG_KEY_0=safe.directory",
                "GIT_CONFIG_VALUE_0=*"
            );
        pod.Container("helper").Env.Should().HaveCount(3);
    }

    [Fact]
    public void No_secret_of_the_job_is_in_the_pod_and_all_are_in_its_secret()
    {
        const string job =
            "'variables': [{ 'key': 'S', 'value': 's3cretword' }], "
            + "'services': [{ 'name': 'pg', 'variables': [{ 'key': 'P', 'value': '$S' }, { 'key': 'U', 'value': "
            + "'$(A)$$' }] }]";
        const string login = "{'auths':{'r.io':{'username':'u','password':'s3cretword'}}}";
        var (pod, spec) = (Pod(job, authConfig: login), Plan(job, authConfig: login).Spec);

        var secret = JobSecretManifest.Create(spec, "uid");

        Json(pod).Should().NotContain("s3cretword");
        spec.ToString().Should().NotContain("s3cretword");
        Json(pod.Container("svc-0").Env)
            .Should()
            .Be(
                """[{"name":"P","valueFrom":{"secretKeyRef":{"key":"svc-0.P","name":"k8s-builder-7-bcdfghjk"}}},{"name":"U","value":"$$(A)$$"}]""",
                "Kubernetes itself would expand $(A)"
            );
        secret.Type.Should().Be("kubernetes.io/dockerconfigjson");
        Encoding.UTF8.GetString(secret.Data["svc-0.P"]).Should().Be("s3cretword");
        Encoding
            .UTF8.GetString(secret.Data[".dockerconfigjson"])
            .Should()
            .Be("""{"auths":{"r.io":{"username":"u","password":"s3cretword"}}}""");
        secret.Data.Keys.Should().BeEquivalentTo(".dockerconfigjson", "buildkitd.toml", "svc-0.P");
        (secret.Metadata.Name, secret.Metadata.OwnerReferences.Single().Uid).Should().Be((pod.Metadata.Name, "uid"));
    }

    [Fact]
    public void A_job_without_logins_has_a_plain_secret_and_the_admins_pull_secrets_alone()
    {
        const string settings = "{ 'builder': { 'imagePullSecrets': ['pull'] } }";

        JobSecretManifest.Create(Plan().Spec, "uid").Type.Should().Be("Opaque");
        Pod().Spec.ImagePullSecrets.Should().BeNull();
        Pod(settings: settings).Spec.ImagePullSecrets.Select(s => s.Name).Should().Equal("pull");
        Pod("'credentials': [{ 'type': 'registry', 'url': 'r.io', 'username': 'u', 'password': 'p' }]", settings)
            .Spec.ImagePullSecrets.Select(s => s.Name)
            .Should()
            .Equal("pull", Name);
    }

    [Theory]
    [InlineData("", "no login")]
    [InlineData("no json", "no login")]
    [InlineData("{'auths':{'r.io':{'auth':'dTpw'}}}", """{"auths":{"r.io":{"auth":"dTpw"}}}""")]
    [InlineData("{'credsStore':'evil','credHelpers':{'r.io':'evil'},'auths':{}}", "no login")]
    [InlineData("{'r.io':{'auth':'dTpw'}}", """{"auths":{"r.io":{"auth":"dTpw"}}}""")]
    public void The_authors_logins_pull_images_and_helpers_do_not(string authConfig, string json) =>
        (Plan(authConfig: authConfig).Spec.PullCredentials?.DockerConfigJson ?? "no login").Should().Be(json);

    [Fact]
    public void A_services_command_is_what_the_author_wrote()
    {
        var service = Pod(
            "'services': [{ 'name': 'a', 'entrypoint': ['sh', '-c', null], 'command': ['echo $(X) $HOME'] }, "
                + "{ 'name': 'b', 'entrypoint': [], 'command': null }]"
        );

        service.Container("svc-0").Command.Should().Equal("sh", "-c");
        service.Container("svc-0").Args.Should().Equal("echo $$(X) $$HOME");
        var images = service.Container("svc-1");
        new object?[] { images.Command, images.Args, images.Env }
            .Should()
            .OnlyContain(o => o == null);
    }

    [Fact]
    public void Each_volume_on_disk_that_scripts_write_to_has_the_settings_limit() =>
        Pod("", "{ 'job': { 'volumeSizeLimit': '3Gi' } }")
            .Spec.Volumes.Where(v => v.EmptyDir?.SizeLimit?.ToString() == "3Gi")
            .Select(v => v.Name)
            .Should()
            .Equal("builds", "cache", "output-helper", "output-build");

    [Fact]
    public void A_read_only_root_filesystem_is_the_jobs_containers_alone_and_leaves_it_tmp()
    {
        var pod = Pod(TwoServices, "{ 'job': { 'readOnlyRootFilesystem': true, 'volumeSizeLimit': '3Gi' } }");

        pod.Spec.Containers.Where(c => c.SecurityContext?.ReadOnlyRootFilesystem == true)
            .Select(c => c.Name)
            .Should()
            .Equal("build");
        pod.Container("build").VolumeMounts.Should().ContainSingle(m => m.MountPath == "/tmp");
        pod.Spec.Volumes.Single(v => v.Name == "tmp").EmptyDir.SizeLimit.ToString().Should().Be("3Gi");
    }

    [Fact]
    public void The_admins_own_volume_at_tmp_is_the_only_one_there() =>
        Pod(
                "",
                "{ 'job': { 'readOnlyRootFilesystem': true, "
                    + "'volumes': [{ 'mountPath': '/tmp/', 'persistentVolumeClaim': 'c' }] } }"
            )
            .Container("build")
            .VolumeMounts.Should()
            .ContainSingle(m => m.MountPath.StartsWith("/tmp"))
            .Which.Name.Should()
            .Be("volume-0");

    [Fact]
    public void The_admins_volumes_are_in_all_containers_but_the_builder()
    {
        var pod = Pod(
            TwoServices,
            "{ 'job': { 'volumes': [{ 'mountPath': '/cache/', 'persistentVolumeClaim': 'c', 'subPath': 's' }, "
                + "{ 'mountPath': '/ca.pem', 'configMap': 'ca', 'subPath': 'ca.pem' }, { 'mountPath': '/s', "
                + "'secret': 's' }] } }"
        );

        foreach (var container in new[] { "helper", "build", "svc-1" })
        {
            var mounts = pod.Container(container).VolumeMounts;
            mounts.Select(m => m.MountPath).Should().OnlyHaveUniqueItems().And.NotContain("/cache");
            Json<V1VolumeMount>([.. mounts.Where(m => m.Name.StartsWith("volume-", StringComparison.Ordinal))])
                .Should()
                .Be(
                    """[{"mountPath":"/cache/","name":"volume-0","subPath":"s/gitlab/_/project-42"},{"mountPath":"/ca.pem","name":"volume-1","readOnly":true,"subPath":"ca.pem"},{"mountPath":"/s","name":"volume-2","readOnly":true}]"""
                );
        }

        pod.Container("buildkitd").VolumeMounts.Should().HaveCount(3);
        pod.Spec.Volumes.Should().NotContain(v => v.Name == "cache");
    }

    [Fact]
    public void Names_are_found_as_the_admin_says()
    {
        var pod = Pod(
            "'services': [{ 'name': 'redis' }]",
            "{ 'job': { 'hostAliases': [{ 'ip': '::1', 'hostnames': ['x'] }], 'dns': { 'policy': 'None', "
                + "'nameservers': ['10.0.0.1'], 'searches': ['example.com'], 'options': { 'ndots': '1', 'rotate': "
                + "'' } } } }"
        ).Spec;

        Json(pod.HostAliases)
            .Should()
            .Be("""[{"hostnames":["redis"],"ip":"127.0.0.1"},{"hostnames":["x"],"ip":"::1"}]""");
        pod.DnsPolicy.Should().Be("None");
        Json(pod.DnsConfig)
            .Should()
            .Be(
                """{"nameservers":["10.0.0.1"],"options":[{"name":"ndots","value":"1"},{"name":"rotate"}],"searches":["example.com"]}"""
            );
        Pod().Spec.DnsPolicy.Should().Be("ClusterFirst");
        new object?[] { Pod().Spec.DnsConfig, Pod().Spec.HostAliases }
            .Should()
            .OnlyContain(o => o == null);
    }

    private static string Json<T>(T part) => KubernetesJsonText.Sorted(part);

    private static string Json<T>(IList<T> parts) => KubernetesJsonText.Sorted(parts);
}
