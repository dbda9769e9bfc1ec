using System.Net;
using CliWrap;
using CliWrap.Buffered;
using CustomExecutor.Core.Docker;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Settings;
using CustomExecutor.Testing.Servers;

namespace CustomExecutor.Tests.Docker;

/// <summary>
/// Docker itself is the reference for <c>DOCKER_AUTH_CONFIG</c>: each shape is given to docker as its
/// <c>config.json</c>, and again as the driver merges it with GitLab's login. A registry records which login docker
/// shows it.
/// </summary>
public sealed class DockerAuthConfigSpecs : IDisposable
{
    private const string GitLabs = "Z2l0bGFiLWNpLXRva2VuOnMzY3JldA=="; // gitlab-ci-token:s3cret

    private readonly TemporaryDirectory _directory = new();
    private readonly RecordingRegistry _registry = new();
    private readonly RecordingRegistry _gitLabs = new();

    /// <summary>Shapes whose logins docker reads; HOST stands for the registry.</summary>
    [Theory]
    [InlineData("""{"auths":{"HOST":{"auth":"YXV0aG9yOnB3"}}}""")]
    [InlineData("""{"auths":{"http://HOST":{"auth":"YXV0aG9yOnB3"}}}""")]
    [InlineData("""{"auths":{"https://HOST/v2/":{"auth":"YXV0aG9yOnB3"}}}""")]
    [InlineData("""{"auths":{"HOST/group/project":{"auth":"YXV0aG9yOnB3"}}}""")]
    [InlineData("""{"auths":{"HOST":{"username":"author","password":"pw"}}}""")]
    [InlineData("""{"auths":{"HOST":{"auth":"YXV0aG9y\nOnB3\n"}}}""")]
    [InlineData("""{"auths":{"HOST":{"auth":"YXV0aG9yOnB3","username":"x","password":"y","email":"z"}}}""")]
    [InlineData("""{"auths":{"HOST":{"auth":"","username":"author","password":"pw"}}}""")]
    [InlineData("""{"AUTHS":{"HOST":{"Auth":"YXV0aG9yOnB3"}}}""")]
    [InlineData("""{"auths":{"x.example.com":{}},"auths":{"HOST":{"auth":"YXV0aG9yOnB3"}}}""")]
    [InlineData("""{"auths":{"HOST":{"auth":"eDp5"},"HOST":{"auth":"YXV0aG9yOnB3"}}}""")]
    [InlineData(
        """{"auths":{"HOST":{"auth":"YXV0aG9yOnB3","more":[1,{"a":null}]}},"HttpHeaders":{"A":"b"},"more":5}"""
    )]
    [InlineData(
        """{"auths":{"HOST":{"auth":"YXV0aG9yOnB3"},"x.example.com":null},"credHelpers":{"x.example.com":null},"credsStore":""}"""
    )]
    [InlineData("""{"credHelpers":{"HOST":"works"}}""")]
    [InlineData("""{"credsStore":"works","auths":{}}""")]
    [InlineData("""{"credsStore":"works","auths":{"HOST":{}},"credHelpers":{"HOST":"works"}}""")]
    [InlineData("""{"credsStore":"desktop","auths":{"HOST":{"auth":"YXV0aG9yOnB3"}},"credHelpers":{"HOST":""}}""")]
    public async Task A_login_that_docker_reads_works_beside_GitLabs(string authConfig)
    {
        var text = authConfig.Replace("HOST", _registry.Address, StringComparison.Ordinal);

        var plain = await LoginShown(_registry, text);
        var (merged, gitLabs) = await Merged(text);

        plain.Should().Be("Basic YXV0aG9yOnB3", "docker is the reference");
        merged.Should().Be(plain);
        gitLabs.Should().Be($"Basic {GitLabs}");
    }

    /// <summary>Shapes by which docker itself loses logins: of the author's the good ones are kept, and GitLab's
    /// always.</summary>
    [Theory]
    [InlineData("""{"auths":{"HOST":{"auth":"YXV0aG9yOnB3"},"x.example.com":5}}""", true)]
    [InlineData("""{"auths":{"HOST":{"auth":"YXV0aG9yOnB3"}},"credHelpers":[]}""", true)]
    [InlineData("""{"auths":{"HOST":{"auth":"YXV0aG9yOnB3"}},"credsStore":{}}""", true)]
    [InlineData("""{"auths":{"HOST":{"auth":"YXV0aG9yOnB3"}},"HttpHeaders":5}""", true)]
    [InlineData("""{"auths":{"HOST":{"auth":"YXV0aG9yOnB3"}},"credsStore":"desktop"}""", true)]
    [InlineData("""{"auths":{"HOST":{"auth":"YXV0aG9yOnB3"}},"credsStore":"knows-nothing"}""", true)]
    [InlineData("""{"auths":{"HOST":{"auth":"YXV0aG9yOnB3"}},"credHelpers":{"HOST":"desktop"}}""", true)]
    [InlineData("""{"HOST":{"auth":"YXV0aG9yOnB3"}}""", true)]
    [InlineData("""{"auths":{"HOST":{"auth":"YXV0aG9yOnB3\t"}}}""", false)]
    [InlineData("""{"auths":{"HOST":{"auth":"YXV0aG9y OnB3"}}}""", false)]
    [InlineData("""{"auths":{"HOST":{"auth":"OnB3"}}}""", false)]
    [InlineData("""{"credsStore":"desktop"}""", false)]
    [InlineData("""{"credsStore":"knows-nothing"}""", false)]
    [InlineData("""{"credHelpers":{"HOST":"desktop"}}""", false)]
    [InlineData("""[]""", false)]
    [InlineData("""{"auths":""", false)]
    public async Task What_costs_docker_its_logins_costs_a_job_neither_its_good_ones_nor_GitLabs(
        string authConfig,
        bool works
    )
    {
        var text = authConfig.Replace("HOST", _registry.Address, StringComparison.Ordinal);

        var plain = await LoginShown(_registry, text);
        var (merged, gitLabs) = await Merged(text);

        plain.Should().NotBe("Basic YXV0aG9yOnB3", "docker is the reference");
        merged.Should().Be(works ? "Basic YXV0aG9yOnB3" : null);
        gitLabs.Should().Be($"Basic {GitLabs}");
    }

    /// <summary>Docker stops at the first bad entry in the order of a Go map, which is random: sometimes it has the
    /// good login by then.</summary>
    [Theory]
    [InlineData("""{"auths":{"HOST":{"auth":"YXV0aG9yOnB3"},"x.example.com":{"auth":"!"}}}""")]
    [InlineData("""{"auths":{"x.example.com":{"auth":"bm9jb2xvbg=="},"HOST":{"auth":"YXV0aG9yOnB3"}}}""")]
    public async Task What_costs_docker_its_logins_by_chance_costs_a_job_none(string authConfig)
    {
        var (merged, gitLabs) = await Merged(authConfig.Replace("HOST", _registry.Address, StringComparison.Ordinal));

        merged.Should().Be("Basic YXV0aG9yOnB3");
        gitLabs.Should().Be($"Basic {GitLabs}");
    }

    public void Dispose()
    {
        _registry.Dispose();
        _gitLabs.Dispose();
        _directory.Dispose();
    }

    private async Task<(string? Authors, string? GitLabs)> Merged(string authConfig)
    {
        JobCredentials[] credentials = [new("registry", _gitLabs.Address, "gitlab-ci-token", "s3cret")];
        var config = DockerConfig
            .Create(credentials, authConfig, new DockerSettings(), name => name is "works" or "knows-nothing")
            .Json;
        return (await LoginShown(_registry, config), await LoginShown(_gitLabs, config));
    }

    private async Task<string?> LoginShown(RecordingRegistry registry, string config)
    {
        registry.Authorization = null;
        var directory = Directory.CreateDirectory(Path.Join(_directory.Path, Guid.NewGuid().ToString("N"))).FullName;
        await File.WriteAllTextAsync(Path.Join(directory, "config.json"), config);
        Helper("works", """{"ServerURL":"x","Username":"author","Secret":"pw"}""", 0);
        Helper("knows-nothing", "credentials not found in native keychain", 1);
        // The plugin alone: it loads the configuration as docker does, and needs no plugin directory in it.
        await Cli.Wrap(
                Path.Join(Environment.GetEnvironmentVariable("CUSTOM_EXECUTOR_TEST_DOCKER_PLUGINS"), "docker-buildx")
            )
            .WithArguments(["imagetools", "inspect", $"{registry.Address}/a:b"])
            .WithEnvironmentVariables(
                new Dictionary<string, string?>
                {
                    ["DOCKER_CONFIG"] = directory,
                    ["PATH"] = $"{_directory.Path}:/usr/bin:/bin",
                    ["DOCKER_AUTH_CONFIG"] = null,
                }
            )
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
        return registry.Authorization;
    }

    private void Helper(string name, string answer, int exitCode) =>
        _directory.WriteExecutable(
            $"docker-credential-{name}",
            $"#!/bin/sh\ncat >/dev/null\necho '{answer}'\nexit {exitCode}\n"
        );

    /// <summary>A registry that lets nobody in and remembers the last login it was shown.</summary>
    private sealed class RecordingRegistry : IDisposable
    {
        private readonly HttpListener _listener = new();

        public RecordingRegistry()
        {
            Address = $"127.0.0.1:{FreePort.On(IPAddress.Loopback)}";
            _listener.Prefixes.Add($"http://{Address}/");
            _listener.Start();
            _ = Task.Run(Serve);
        }

        public string Address { get; }

        public string? Authorization { get; set; }

        public void Dispose() => _listener.Close();

        private async Task Serve()
        {
            while (_listener.IsListening)
            {
                try
                {
                    var context = await _listener.GetContextAsync();
                    Authorization = context.Request.Headers["Authorization"] ?? Authorization;
                    context.Response.StatusCode = 401;
                    context.Response.AddHeader("WWW-Authenticate", "Basic realm=\"x\"");
                    context.Response.Close();
                }
                catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }
            }
        }
    }
}
