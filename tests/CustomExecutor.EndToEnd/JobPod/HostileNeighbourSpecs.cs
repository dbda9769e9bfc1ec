using CustomExecutor.Core.Runner;

namespace CustomExecutor.EndToEnd.JobPod;

/// <summary>A hostile job beside a victim in the same namespace, on the real node.</summary>
public sealed class HostileNeighbourSpecs(HostileNeighbourSpecs.TwoJobs jobs)
    : IClassFixture<HostileNeighbourSpecs.TwoJobs>
{
    /// <summary>Walks the files of the container, without those of the kernel.</summary>
    private const string SearchFiles =
        "find / -xdev -type f 2>/dev/null; for d in /builds /cache /run /run/*; do find $d -type f 2>/dev/null; done";

    [Fact]
    public async Task No_container_has_a_service_account_token()
    {
        var pod = await jobs.Hostile.ReadPod();

        pod.Spec.AutomountServiceAccountToken.Should().BeFalse();
        pod.Spec.Containers.Should()
            .HaveCount(3)
            .And.OnlyContain(c =>
                c.VolumeMounts.All(m => !m.MountPath.Contains("serviceaccount", StringComparison.Ordinal))
            );
        var inBuild = await jobs.Hostile.Passes("build_script", "ls -d /var/run/secrets /run/secrets 2>&1 || true");
        var inHelper = await jobs.Hostile.Passes("get_sources", "ls -d /var/run/secrets /run/secrets 2>&1 || true");
        (inBuild + inHelper).Should().Contain("No such file").And.NotContain("\n/");
    }

    [Fact]
    public async Task The_Kubernetes_API_tells_nothing_without_a_token()
    {
        var said = await jobs.Hostile.Passes(
            "build_script",
            "wget -q -O- --no-check-certificate "
                + $"https://$KUBERNETES_SERVICE_HOST/api/v1/namespaces/{Node.Settings.Kubernetes.Namespace}/secrets "
                + "2>&1 || true"
        );

        said.Should().ContainAny("401", "403", "Unauthorized", "Forbidden").And.NotContain("SecretList");
    }

    [Fact]
    public async Task No_file_process_login_or_secret_of_the_other_job_is_in_reach()
    {
        // The words are joined by the script, so that it does not find itself.
        var found = await jobs.Hostile.Passes(
            "build_script",
            $$"""
            a=VIC b=victims.exa
            ({{SearchFiles}}; ls /proc/[0-9]*/environ /proc/[0-9]*/cmdline) | while read -r file; do
                if grep -q -e "${a}TIMS" -e "${b}mple" "$file" 2>/dev/null; then echo "found $file"; fi
            done
            grep -o own.example.com $DOCKER_CONFIG/config.json
            """
        );

        found.Should().Contain("own.example.com").And.NotContain("found");
        (await jobs.Victim.Passes("build_script", "cat $DOCKER_CONFIG/config.json"))
            .Should()
            .Contain("VICTIMS-LOGIN")
            .And.Contain("victims.example.com")
            .And.NotContain("own.example.com");
    }

    [Fact]
    public async Task No_port_of_the_other_job_is_open_and_no_builder_listens_to_the_network()
    {
        var victim = (await jobs.Victim.ReadPod()).Status.PodIP;

        var scanned = await jobs.Hostile.Passes(
            "build_script",
            $"for p in 1234 8080 80 443 22 2375 2376; do nc -z -w 1 {victim} $p && echo open $p; done; echo scanned"
        );
        var listening = await jobs.Victim.Passes("build_script", "cat /proc/net/tcp /proc/net/tcp6");

        scanned.Should().Contain("scanned").And.NotContain("open");
        // State 0A is LISTEN.
        listening.Should().Contain("local_address").And.NotMatchRegex(@": [0-9A-F]+:[0-9A-F]{4} [0-9A-F:]+ 0A ");
    }

    [Fact]
    public async Task The_authors_container_and_helper_lack_the_builders_rights()
    {
        const string status = "grep -E 'CapBnd|NoNewPrivs|Seccomp:' /proc/self/status";
        var author = await jobs.Hostile.Passes("build_script", status);
        var helper = await jobs.Hostile.Passes("get_sources", status);

        // SYS_ADMIN is bit 21, NET_RAW 13, SYS_PTRACE 19, MKNOD 27.
        author.Should().MatchRegex(@"NoNewPrivs:\s+1").And.MatchRegex(@"Seccomp:\s+[12]");
        helper.Should().MatchRegex(@"Seccomp:\s+[12]");
        foreach (var output in (string[])[author, helper])
            (Bounding(output) & ((1UL << 21) | (1UL << 19))).Should().Be(0, output);
        (Bounding(helper) & ~0x2bUL).Should().Be(0, "the helper has CHOWN, DAC_OVERRIDE, FOWNER alone");
    }

    private static ulong Bounding(string status) =>
        Convert.ToUInt64(
            status.Split('\n').Single(l => l.StartsWith("CapBnd", StringComparison.Ordinal)).Split(':')[1].Trim(),
            16
        );

    /// <summary>Both jobs, prepared, with a login and files each.</summary>
    public sealed class TwoJobs : IAsyncLifetime
    {
        internal PodAttempt Victim { get; private set; } = null!;

        internal PodAttempt Hostile { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            var jobs = await Task.WhenAll(
                PodAttempt.Start(JobWith("victims.example.com", "victims-password")),
                PodAttempt.Start(JobWith("own.example.com", "own-password"))
            );
            (Victim, Hostile) = (jobs[0], jobs[1]);
            await Victim.Passes(
                "build_script",
                "echo VICTIMS-FILE > file; echo VICTIMS-TEMP > /tmp/file; cp file /cache/file; "
                    + "sed -i 's/{/{\"x\":\"VICTIMS-LOGIN\",/' $DOCKER_CONFIG/config.json; "
                    + "VICTIMS_PROCESS=1 sleep 600 >/dev/null 2>&1 &"
            );
            await Hostile.Passes("build_script", "true");
        }

        public async ValueTask DisposeAsync() =>
            await Task.WhenAll(Victim.DisposeAsync().AsTask(), Hostile.DisposeAsync().AsTask());

        private static JobOnNode JobWith(string registry, string password) =>
            new()
            {
                InPod = true,
                Credentials = [new JobCredentials("registry", registry, "gitlab-ci-token", password)],
            };
    }
}
