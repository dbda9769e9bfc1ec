using CliWrap;
using CliWrap.Buffered;

namespace CustomExecutor.EngineApi.Tests.CommandTable;

/// <summary>A shell with the environment of a job's script, in a directory with a Dockerfile.</summary>
internal sealed class JobShell : IDisposable
{
    private readonly TemporaryDirectory _files = new();
    private readonly Engine _engine;
    private readonly Dictionary<string, string?> _environment;

    public JobShell(Engine engine, BuilderForImages builder, string registry, string image)
    {
        _engine = engine;
        _files.Write("work/Dockerfile", "FROM scratch\nCOPY Dockerfile /\n");
        builder.Describe(Path.Join(_files.Path, "buildx"));
        Directory.CreateDirectory(Path.Join(_files.Path, "docker", "cli-plugins"));
        if (File.Exists(DockerCommand.Buildx))
        {
            var plugin = Path.Join(_files.Path, "docker", "cli-plugins", "docker-buildx");
            File.CreateSymbolicLink(plugin, DockerCommand.Buildx);
        }

        _environment = new()
        {
            ["PATH"] = $"{Path.GetDirectoryName(DockerCommand.Program)}:{Environment.GetEnvironmentVariable("PATH")}",
            ["DOCKER_HOST"] = $"unix://{engine.Socket}",
            ["DOCKER_CONFIG"] = Path.Join(_files.Path, "docker"),
            ["BUILDX_CONFIG"] = Path.Join(_files.Path, "buildx"),
            ["BUILDX_BUILDER"] = "job",
            ["REGISTRY"] = registry,
            ["IMAGE"] = image,
        };
    }

    /// <summary>The exit code and all that was printed.</summary>
    public async Task<(int Code, string Printed)> Run(string command)
    {
        var result = await Cli.Wrap("sh")
            .WithArguments(["-c", command])
            .WithWorkingDirectory(Path.Join(_files.Path, "work"))
            .WithEnvironmentVariables(_environment)
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
        return (result.ExitCode, result.StandardOutput + result.StandardError);
    }

    public void Dispose()
    {
        _engine.Dispose();
        _files.Dispose();
    }
}
