using CustomExecutor.Testing.Cluster;

namespace CustomExecutor.EngineApi.Tests.Parts;

/// <summary>A real buildkitd on a unix socket, as a job has one.</summary>
internal sealed class BuilderForImages : IDisposable
{
    private readonly TemporaryDirectory _files = new();
    private readonly ServedProcess _process;

    private BuilderForImages()
    {
        // The Dockerfiles here have no RUN: buildkitd only asks the runtime for its version.
        var runtime = _files.WriteExecutable("runc", "#!/bin/sh\nexit 1\n");
        _process = new ServedProcess(
            TestCluster.Buildkitd,
            [
                "--root",
                Path.Join(_files.Path, "root"),
                "--otel-socket-path",
                Path.Join(_files.Path, "otel.sock"),
                "--addr",
                $"unix://{Socket}",
                "--config",
                _files.Write("buildkitd.toml", ""),
                "--containerd-worker=false",
                "--oci-worker=true",
                "--oci-worker-binary",
                runtime,
                "--oci-worker-net=host",
                "--oci-worker-snapshotter=native",
            ]
        );
    }

    private string Socket => Path.Join(_files.Path, "buildkitd.sock");

    public static async Task<BuilderForImages> Start()
    {
        var builder = new BuilderForImages();
        await Eventually.True(
            () =>
                builder._process.HasExited
                    ? throw new InvalidOperationException(builder._process.Log)
                    : builder._process.Log.Contains("running server on", StringComparison.Ordinal),
            "buildkitd listens"
        );
        return builder;
    }

    /// <summary>A buildx configuration of one's own.</summary>
    public void Describe(string buildxConfig)
    {
        Directory.CreateDirectory(Path.Join(buildxConfig, "instances"));
        File.WriteAllText(
            Path.Join(buildxConfig, "instances", "job"),
            Core.Docker.BuildxInstance.InPod("job", Socket).ToJson()
        );
    }

    public void Dispose()
    {
        _process.Dispose();
        _files.Dispose();
    }
}
