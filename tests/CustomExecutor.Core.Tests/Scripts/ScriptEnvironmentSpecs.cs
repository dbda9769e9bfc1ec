using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Scripts;
using CustomExecutor.Core.Settings;

namespace CustomExecutor.Core.Tests.Scripts;

public sealed class ScriptEnvironmentSpecs
{
    private static readonly Dictionary<string, string> Defaults = new()
    {
        ["DOTNET_EnableDiagnostics"] = "0",
        ["POWERSHELL_DIAGNOSTICS_OPTOUT"] = "1",
        ["MSBUILDDISABLENODEREUSE"] = "1",
        ["MAVEN_OPTS"] = "-Duser.home=/tmp/a/h",
        ["GRADLE_USER_HOME"] = "/tmp/a/h/.gradle",
    };

    private static readonly Dictionary<string, string> Injected = new(Defaults)
    {
        ["BUILDX_BUILDER"] = "k8s-builder-7-b",
        ["BUILDX_CONFIG"] = "/tmp/a/job/buildx",
        ["DOCKER_CONFIG"] = "/tmp/a/job/docker",
        ["HOME"] = "/tmp/a/h",
        ["TMPDIR"] = "/tmp/a/t",
    };

    [Fact]
    public void A_script_gets_only_allowed_variables_and_those_of_its_builder()
    {
        var environment = Environment(
            new ScriptSettings(),
            ("PATH", "/usr/bin"),
            ("LANG", "C.UTF-8"),
            ("LC_ALL", "C"),
            ("TZ", "UTC"),
            ("CI_SERVER_TOKEN", "glrt-s3cret"),
            ("AWS_SECRET_ACCESS_KEY", "s3cret"),
            ("KUBECONFIG", "/home/runner/.kube/config"),
            ("KUBERNETES_SERVICE_HOST", "10.0.0.1"),
            ("JOB_RESPONSE_FILE", "/tmp/a/response.json"),
            ("BUILD_EXIT_CODE_FILE", "/tmp/a/build_exit_code"),
            ("SSH_AUTH_SOCK", "/run/s"),
            ("CUSTOM_EXECUTOR_SETTINGS", "/etc/s"),
            ("DOCKER_HOST", "unix:///var/run/docker.sock"),
            ("PATH_EXTRA", "x"),
            ("path", "x"),
            ("LC", "x")
        );

        environment
            .Should()
            .BeEquivalentTo(
                new Dictionary<string, string>(Injected)
                {
                    ["PATH"] = "/tmp/a/job/bin:/usr/bin",
                    ["LANG"] = "C.UTF-8",
                    ["LC_ALL"] = "C",
                    ["TZ"] = "UTC",
                }
            );
    }

    [Theory]
    [InlineData("*")]
    [InlineData("CUSTOM_ENV_*")]
    [InlineData("CUSTOM_ENV_PATH")]
    [InlineData("CUSTOM*")]
    public void A_job_variable_is_never_passed_whatever_is_allowed(string allowed) =>
        Environment(Allowing(allowed), ("CUSTOM_ENV_PATH", "/evil"), ("CUSTOM_ENV_", "x"))
            .Should()
            .BeEquivalentTo(Injected);

    [Fact]
    public void Allowed_variables_cannot_override_those_of_the_builder()
    {
        var ofTheService = Injected.Keys.Except(Defaults.Keys).Select(name => (name, "the service's")).ToArray();

        Environment(Allowing("*"), ofTheService).Should().BeEquivalentTo(Injected);
        Environment(Allowing([.. Injected.Keys]), ofTheService).Should().BeEquivalentTo(Injected);
    }

    [Fact]
    public void An_allowed_variable_overrides_a_default() =>
        Environment(Allowing("DOTNET_*", "MAVEN_OPTS"), ("DOTNET_EnableDiagnostics", "1"), ("MAVEN_OPTS", "-Xmx1g"))
            .Should()
            .Contain("DOTNET_EnableDiagnostics", "1")
            .And.Contain("MAVEN_OPTS", "-Xmx1g")
            .And.HaveCount(Injected.Count);

    [Fact]
    public void A_star_matches_any_ending_and_only_at_the_end()
    {
        var environment = Environment(
            Allowing("HTTP_*", "*_PROXY", "A*B"),
            ("HTTP_PROXY", "1"),
            ("HTTP_", "2"),
            ("HTTPS_PROXY", "3"),
            ("AXB", "4"),
            ("A*B", "5"),
            ("http_proxy", "6")
        );

        environment.Keys.Except(Injected.Keys).Should().BeEquivalentTo("HTTP_PROXY", "HTTP_", "A*B");
    }

    [Fact]
    public void A_name_that_matches_two_patterns_is_passed_once_with_its_value_unchanged() =>
        Environment(Allowing("X*", "XY", "*"), ("XY", "a\nb=c \" ' $d"))
            .Should()
            .Contain("XY", "a\nb=c \" ' $d")
            .And.HaveCount(Injected.Count + 1);

    [Fact]
    public void Without_allowed_names_no_variable_is_passed() =>
        Environment(Allowing(), ("PATH", "/bin"), ("", "x")).Should().BeEquivalentTo(Injected);

    [Fact]
    public void Docker_is_told_of_the_jobs_Engine_API_unless_the_admin_passes_an_address_on()
    {
        var settings = Allowing("DOCKER_HOST");

        Environment(settings, hasEngine: true).Should().Contain("DOCKER_HOST", "unix:///tmp/a/job/docker.sock");
        Environment(settings, hasEngine: true, ("DOCKER_HOST", "ssh://d")).Should().Contain("DOCKER_HOST", "ssh://d");
        Environment(settings, hasEngine: false).Should().NotContainKey("DOCKER_HOST");
    }

    private static ScriptSettings Allowing(params string[] names) => new() { AllowedEnvironment = names };

    private static IReadOnlyDictionary<string, string> Environment(
        ScriptSettings settings,
        params (string Name, string Value)[] service
    ) => Environment(settings, hasEngine: false, service);

    private static IReadOnlyDictionary<string, string> Environment(
        ScriptSettings settings,
        bool hasEngine,
        params (string Name, string Value)[] service
    ) =>
        ScriptEnvironment.Create(
            new RunnerEnvironment(service.ToDictionary(v => v.Name, v => v.Value)),
            settings,
            new AttemptPaths("/tmp/a"),
            "k8s-builder-7-b",
            hasEngine
        );
}
