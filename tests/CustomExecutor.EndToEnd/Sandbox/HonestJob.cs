using CustomExecutor.Commands.Try;

namespace CustomExecutor.EndToEnd.Sandbox;

/// <summary>One prepared job that does what jobs do, confined as they are by default; each spec works in a directory of
/// its own.</summary>
public sealed class HonestJob : IAsyncLifetime
{
    private ServiceHost? _host;
    private HostJob? _job;

    /// <summary>The job, to be told more variables.</summary>
    internal HostJob Job => _job!;

    /// <summary>The project's local cache, as the runner is told of it.</summary>
    internal string Cache => Path.Join(_host!.Cache, "project-42");

    public async ValueTask InitializeAsync()
    {
        if (ServiceUser.Obstacle is not null)
            return;
        _host = new ServiceHost("auto").WithEngine();
        _job = new HostJob(
            _host,
            new PlayedJob
            {
                Id = JobOnNode.NextId(),
                ProjectId = 42,
                Variables =
                [
                    new("CI_REGISTRY_IMAGE", $"{Node.Registry}/spec/{Guid.NewGuid():N}"),
                    new("BASE_IMAGE", Node.BaseImage),
                ],
            }
        );
        await _job.Prepare();
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is null || _job is null)
            return;
        await _job.Cleanup();
        _job.Dispose();
        _host.Dispose();
    }

    /// <summary>Copies a directory into the project's, as its repository would have it.</summary>
    internal void Copy(string directory)
    {
        foreach (var file in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories))
        {
            var target = Path.Join(Job.ProjectDirectory, Path.GetRelativePath(directory, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        ServiceUser.Own(Job.ProjectDirectory);
    }

    /// <summary>Runs a script that must succeed, in a new directory.</summary>
    /// <returns>What it told.</returns>
    internal Task<string> Do(string commands) => Job.Do($"mkdir {Guid.NewGuid():N} && cd $_\n{commands}");
}
