using CustomExecutor.Commands.Try;

namespace CustomExecutor.EndToEnd;

/// <summary>The image of runner/Dockerfile, but for its two official images: GitLab's can't be had here, and the driver
/// is published already.</summary>
internal static class RunnerImage
{
    private static readonly Lazy<Task<string>> Built = new(Build);

    /// <summary>The image in the node's registry, built once for all specs.</summary>
    public static Task<string> Name => Built.Value;

    private static async Task<string> Build()
    {
        using var directory = new TemporaryDirectory();
        var sources = Path.Join(directory.Path, "sources");
        var published = Path.Join(sources, "driver", "out");
        Directory.CreateDirectory(published);
        foreach (var program in (string[])["custom-executor", "custom-executor-engine-api"])
            File.Copy(Path.Join(Path.GetDirectoryName(Node.Driver), program), Path.Join(published, program));
        File.Copy(RepositoryFile.PathOf("runner/Dockerfile"), Path.Join(sources, "Dockerfile"));
        var name = $"{Node.Registry}/spec/{Guid.NewGuid():N}/runner:1";
        using var job = new JobOnNode { Sources = sources };

        var (result, log) = await job.Run(
            $"docker buildx build --build-arg RUNNER={Node.Registry}/runner:1 --build-context driver=driver "
                + $"-t {name} --push ."
        );

        result.Outcome.Should().Be(RunnerOutcome.Success, log);
        return name;
    }
}
