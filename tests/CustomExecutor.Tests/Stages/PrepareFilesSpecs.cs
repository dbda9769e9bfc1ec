using System.Text.Json;
using System.Text.Json.Nodes;
using CustomExecutor.Commands.Try;
using CustomExecutor.Core.Runner;
using CustomExecutor.Testing.Jobs;

namespace CustomExecutor.Tests.Stages;

/// <summary>What prepare makes on the runner's host, and what it keeps to itself.</summary>
public sealed class PrepareFilesSpecs : IAsyncLifetime
{
    private static readonly PlayedJob Job = new()
    {
        Id = 4711,
        ProjectId = 42,
        Credentials = [new JobCredentials("registry", "registry.example.com", "gitlab-ci-token", "registry-password")],
        Variables =
        [
            new("DOCKER_AUTH_CONFIG", """{"auths":{"docker.example.com":{"auth":"YXV0aG9yOnNlY3JldA=="}}}"""),
            new("MY_SECRET", "masked-variable"),
        ],
    };

    private Bench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await Bench.Create();

    [Fact]
    public async Task Run_and_cleanup_are_told_of_the_builder()
    {
        var attempt = await _bench.Ready(Job);

        var pod = await _bench.Namespace.OnlyPod();
        var state = attempt.State;
        (state.JobId, state.Namespace, state.Builder, state.Ready)
            .Should()
            .Be((4711, _bench.Namespace.Name, pod.Metadata.Name, true));
    }

    [Fact]
    public async Task Buildx_knows_the_builder_by_the_pods_address_and_the_jobs_certificates()
    {
        var attempt = await _bench.Ready(Job);

        var pod = await _bench.Namespace.OnlyPod();
        var instance = JsonNode.Parse(
            await Text(Path.Join(attempt.Paths.BuildxConfig, "instances", pod.Metadata.Name))
        )!;
        instance["Driver"]!.GetValue<string>().Should().Be("remote");
        var node = instance["Nodes"]!.AsArray().Should().ContainSingle().Subject!;
        node["Endpoint"]!.GetValue<string>().Should().Be($"tcp://{pod.Status.PodIP}:1234");
        node["DriverOpts"]!["servername"]!.GetValue<string>().Should().Be(pod.Metadata.Name);
        foreach (var file in new[] { "cacert", "cert", "key" })
            File.Exists(node["DriverOpts"]![file]!.GetValue<string>()).Should().BeTrue();
    }

    [Fact]
    public async Task Docker_has_the_logins_that_came_with_the_job()
    {
        var attempt = await _bench.Ready(Job);

        var config = JsonNode.Parse(await Text(Path.Join(attempt.Paths.DockerConfig, "config.json")))!;
        config["auths"]!
            .AsObject()
            .Select(a => a.Key)
            .Should()
            .BeEquivalentTo("registry.example.com", "docker.example.com");
    }

    [Fact]
    public async Task Nobody_else_on_the_host_may_read_any_of_it()
    {
        var attempt = await _bench.Ready(Job);

        var open = new[] { attempt.Paths.Root, attempt.Workspace }
            .SelectMany(root =>
                Directory.EnumerateFileSystemEntries(root, "*", SearchOption.AllDirectories).Append(root)
            )
            .Where(path => File.GetUnixFileMode(path) is not (OwnersFile or OwnersDirectory));
        open.Should().BeEmpty();
    }

    [Fact]
    public async Task No_secret_is_in_the_logs_or_in_the_pod()
    {
        var attempt = await _bench.Ready(Job);
        await attempt.CleanUp();

        var told =
            attempt.Log.Text
            + await Text(_bench.Host.AdminLog)
            + JsonSerializer.Serialize(await _bench.Namespace.Pods(), JsonSerializerOptions.Web);
        foreach (
            var secret in new[]
            {
                Job.Token,
                "registry-password",
                "YXV0aG9yOnNlY3JldA",
                "masked-variable",
                "PRIVATE KEY",
                "of-the-runner-service",
            }
        )
        {
            told.Should().NotContain(secret);
        }
    }

    [Fact]
    public async Task The_admins_log_tells_job_project_stage_pod_and_duration_in_JSON_lines()
    {
        var attempt = await _bench.Ready(Job);
        await attempt.CleanUp();

        var lines = (await File.ReadAllLinesAsync(_bench.Host.AdminLog, TestContext.Current.CancellationToken))
            .Select(l => JsonNode.Parse(l)!)
            .ToList();
        lines.Should().OnlyContain(l => l["JobId"]!.GetValue<long>() == 4711 && l["ProjectId"]!.GetValue<long>() == 42);
        lines.Select(l => l["Stage"]!.GetValue<string>()).Distinct().Should().Equal("config", "prepare", "cleanup");
        lines
            .Where(l => l["Stage"]!.GetValue<string>() == "prepare")
            .Should()
            .OnlyContain(l => l["Pod"]!.GetValue<string>().StartsWith("k8s-builder-4711-"));
        lines
            .Where(l => l["Duration"] is not null)
            .Should()
            .HaveCount(3)
            .And.OnlyContain(l => l["ExitCode"]!.GetValue<int>() == 0);
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnersDirectory = OwnersFile | UnixFileMode.UserExecute;

    private static Task<string> Text(string path) => File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
}
