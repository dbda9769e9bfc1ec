using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Sandbox;
using CustomExecutor.Core.Settings;

namespace CustomExecutor.Core.Tests.Sandbox;

/// <summary>Which parts of the host a job can access.</summary>
public sealed class SandboxPolicySpecs
{
    private const string Root = "/var/lib/custom-executor/attempts/custom-executor123";

    private static readonly JobContext Job = JobContext.From(
        new JobResponse { Id = 4711, JobInfo = new JobInfo("build", "build", 42, null) },
        Root
    );

    [Fact]
    public void The_job_gets_its_workspace_and_its_part_of_the_attempt()
    {
        Own(new DriverSettings())
            .Should()
            .Equal(
                Root + "/job",
                Root + "/h",
                Root + "/t",
                Workspace.Of(Job, new WorkspaceSettings(), "gitlab").Directory
            );
        Own(new DriverSettings()).Should().NotContain(Root, "the response file and the driver's state lie there");
    }

    [Fact]
    public void The_job_gets_its_projects_cache_if_there_is_one() =>
        Own(new DriverSettings { Workspace = new WorkspaceSettings { CacheRoot = "/caches" } })
            .Should()
            .EndWith("/caches/gitlab/_/project-42");

    [Theory]
    [InlineData("/var/lib/custom-executor/attempts", "all attempts")]
    [InlineData("/var/lib/custom-executor/workspaces", "all workspaces")]
    [InlineData("/caches", "all caches")]
    [InlineData("/etc/custom-executor/here.json", "the settings")]
    [InlineData("/etc/k/config", "the kubeconfig")]
    [InlineData("/etc/b.toml", "buildkitd's configuration")]
    [InlineData("/var/log/driver.json", "the driver's log")]
    [InlineData("/etc/gitlab-runner", "the runner's configuration")]
    [InlineData("/srv/config.toml", "the runner's configuration where its service says so")]
    [InlineData("/srv/kube/a", "the service's kubeconfig")]
    [InlineData("/srv/kube/b", "the service's other kubeconfig")]
    [InlineData("/opt/runner", "the runner's home")]
    [InlineData("/run/secrets", "the service account's token")]
    [InlineData("/opt/vault", "what the admin hides")]
    public void These_paths_are_hidden(string path, string what)
    {
        var settings = new DriverSettings
        {
            Kubernetes = new KubernetesSettings { Kubeconfig = "/etc/k/config" },
            Builder = new BuilderSettings { BuildkitdConfig = "/etc/b.toml" },
            Workspace = new WorkspaceSettings { CacheRoot = "/caches" },
            Log = new LogSettings { Path = "/var/log/driver.json" },
            ScriptSandbox = new SandboxSettings { Hide = ["/opt//vault/"] },
        };

        Policy(
            settings,
            ("HOME", "/opt/runner"),
            ("CONFIG_FILE", "/srv/config.toml"),
            ("KUBECONFIG", "/srv/kube/a:/srv/kube/b")
        )
            .Hidden.Should()
            .Contain(path, what);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/usr")]
    [InlineData("/usr/")]
    [InlineData("/var")]
    [InlineData("relative")]
    [InlineData("")]
    public void A_home_in_a_system_directory_hides_nothing(string home) =>
        Policy(new DriverSettings(), ("HOME", home))
            .Hidden.Should()
            .BeEquivalentTo(Policy(new DriverSettings()).Hidden);

    [Fact]
    public void Directories_of_PATH_are_read_only() =>
        Policy(new DriverSettings(), ("PATH", "/usr/bin:/home/runner/bin:relative::/"))
            .Openings.Should()
            .Equal(
                new SandboxOpening("PATH", "/usr/bin", SandboxAccess.Read),
                new SandboxOpening("PATH", "/home/runner/bin", SandboxAccess.Read)
            );

    [Fact]
    public void Directories_of_dockers_plugins_are_read_only() =>
        Policy(new DriverSettings { Docker = new DockerSettings { CliPluginsExtraDirs = ["/plugins"] } })
            .Openings.Should()
            .Equal(new SandboxOpening("docker.cliPluginsExtraDirs", "/plugins", SandboxAccess.Read));

    [Fact]
    public void The_admins_openings_are_for_reading_and_writing() =>
        Policy(new DriverSettings { ScriptSandbox = new SandboxSettings { Allow = ["/srv/shared/"] } })
            .Openings.Should()
            .Equal(new SandboxOpening("scriptSandbox.allow", "/srv/shared", SandboxAccess.Full));

    [Fact]
    public void System_directories_are_read_only() =>
        Policy(new DriverSettings())
            .Shared.Where(g => g.Access == SandboxAccess.Full)
            .Select(g => g.Path)
            .Should()
            .Equal("/tmp", "/var/tmp", "/dev/shm");

    [Theory]
    [InlineData("/home")]
    [InlineData("/root")]
    [InlineData("/run")]
    [InlineData("/srv")]
    [InlineData("/var")]
    [InlineData("/mnt")]
    public void Nothing_else_is_granted(string directory) =>
        Policy(new DriverSettings()).Shared.Should().NotContain(g => g.Path == directory || g.Path == "/");

    private static IEnumerable<string> Own(DriverSettings settings) => Policy(settings).Own.Select(g => g.Path);

    private static SandboxPolicy Policy(DriverSettings settings, params (string Key, string Value)[] variables) =>
        SandboxPolicy.Of(
            new RunnerEnvironment(variables.ToDictionary(v => v.Key, v => v.Value)),
            settings,
            "/etc/custom-executor/here.json",
            Job.Paths,
            Workspace.Of(Job, settings.Workspace, "gitlab")
        );
}
