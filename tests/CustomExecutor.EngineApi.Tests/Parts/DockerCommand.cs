using CliWrap;
using CliWrap.Buffered;

namespace CustomExecutor.EngineApi.Tests.Parts;

/// <summary>The unmodified docker command line: the test cluster's, from Debian, or the one on the PATH.</summary>
internal sealed class DockerCommand(Engine engine) : IDisposable
{
    private readonly TemporaryDirectory _config = new();

    /// <summary>The docker that the specs use.</summary>
    public static string Program { get; } = Find();

    /// <summary>Its buildx, beside it in the test cluster's directory.</summary>
    public static string Buildx => Path.GetFullPath(Path.Join(Program, "../../cli-plugins/docker-buildx"));

    public Task<BufferedCommandResult> Run(params string[] arguments) => RunAt(engine.Socket, _config.Path, arguments);

    /// <summary>Runs it with whatever answers on a socket.</summary>
    public static async Task<BufferedCommandResult> RunAt(string socket, string config, params string[] arguments) =>
        await Cli.Wrap(Program)
            .WithArguments(arguments)
            .WithEnvironmentVariables(variables =>
                variables.Set("DOCKER_HOST", $"unix://{socket}").Set("DOCKER_CONFIG", config)
            )
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);

    /// <summary>Runs it where it has to succeed; what it prints.</summary>
    public async Task<string> Output(params string[] arguments)
    {
        var result = await Run(arguments);
        result.ExitCode.Should().Be(0, result.StandardError);
        return result.StandardOutput.Trim();
    }

    /// <summary>Runs it where it has to fail; what it prints.</summary>
    public async Task<string> Failure(params string[] arguments)
    {
        var result = await Run(arguments);
        result.ExitCode.Should().NotBe(0);
        return (result.StandardOutput + result.StandardError).Trim();
    }

    public string Write(string name, byte[] content)
    {
        var path = Path.Join(_config.Path, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public void Dispose() => _config.Dispose();

    private static string Find()
    {
        var cache =
            Environment.GetEnvironmentVariable("XDG_CACHE_HOME")
            ?? Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        var cluster = Path.Join(cache, "custom-executor", "cluster");
        var clients = Directory.Exists(cluster) ? Directory.EnumerateDirectories(cluster, "client-*") : [];
        return clients.Select(client => Path.Join(client, "bin", "docker")).FirstOrDefault(File.Exists) ?? "docker";
    }
}
