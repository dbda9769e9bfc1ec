using CliWrap;
using CustomExecutor.Core.Docker;

namespace CustomExecutor.Tests.Docker;

/// <summary>The <c>docker</c> in front of a script's <c>PATH</c> where buildx does not load builds by itself.</summary>
public sealed class OldBuildxSpecs : IDisposable
{
    private readonly TemporaryDirectory _files = new();
    private readonly Dictionary<string, string?> _variables = [];

    [Theory]
    [InlineData("build -t a .", "build --load -t a .")]
    [InlineData("buildx build -t a .", "buildx build --load -t a .")]
    [InlineData("buildx b .", "buildx b --load .")]
    [InlineData("image build .", "image build --load .")]
    [InlineData("builder build .", "builder build --load .")]
    [InlineData("--config d build .", "--config d build --load .")]
    [InlineData("-D buildx --builder build build .", "-D buildx --builder build build --load .")]
    [InlineData("build --build-arg a=b -- .", "build --load --build-arg a=b -- .")]
    [InlineData("build --push .", "build --push .")]
    [InlineData("build --push=true .", "build --push=true .")]
    [InlineData("build -t a . --load", "build -t a . --load")]
    [InlineData("buildx build -o out .", "buildx build -o out .")]
    [InlineData("build -otype=local,dest=a .", "build -otype=local,dest=a .")]
    [InlineData("build --output type=tar .", "build --output type=tar .")]
    [InlineData("build --output=type=tar .", "build --output=type=tar .")]
    [InlineData("buildx build --print=outline .", "buildx build --print=outline .")]
    [InlineData("build --call targets .", "build --call targets .")]
    [InlineData("build --check .", "build --check .")]
    [InlineData("build --platform linux/amd64,linux/arm64 .", "build --platform linux/amd64,linux/arm64 .")]
    [InlineData("push build", "push build")]
    [InlineData("tag build b", "tag build b")]
    [InlineData("buildx bake build", "buildx bake build")]
    [InlineData("compose build", "compose build")]
    [InlineData("", "")]
    public async Task A_build_without_an_output_is_loaded_where_buildx_knows_no_default(string call, string expected)
    {
        _files.Write("version", "github.com/docker/buildx v0.11.2 9872040b6626fb7d87ef7296fd5b832e8cc2ad17\n");

        var words = await Run(call.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        words.Should().Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("github.com/docker/buildx v0.14.0 a", "", "")]
    [InlineData("docker: 'buildx' is not a docker command.", "", "")]
    [InlineData("github.com/docker/buildx v0.13.1 a", "0", "")]
    [InlineData("github.com/docker/buildx v0.13.1 a", "", "1")]
    public async Task A_build_is_left_as_it_is_where_load_is_not_wanted_or_known(
        string version,
        string buildKit,
        string noLoad
    )
    {
        _files.Write("version", version + "\n");
        _variables["DOCKER_BUILDKIT"] = buildKit;
        _variables["BUILDX_NO_DEFAULT_LOAD"] = noLoad;

        var words = await Run("build", "a b", "*", "");

        words.Should().Equal("build", "a b", "*", "");
    }

    [Fact]
    public async Task Words_of_a_build_that_gets_an_option_stay_as_they_are()
    {
        _files.Write("version", "github.com/docker/buildx v0.13.1 a\n");
        _variables["DOCKER_BUILDKIT"] = "1";

        var words = await Run("build", "--label", "a b 'c' \"d\" $e", "*", "");

        words.Should().Equal("build", "--load", "--label", "a b 'c' \"d\" $e", "*", "");
    }

    public void Dispose() => _files.Dispose();

    /// <summary>Calls docker.</summary>
    /// <returns>The words that the real one gets.</returns>
    private async Task<string[]> Run(params string[] words)
    {
        var docker = _files.WriteExecutable(
            "docker",
            $"""
            #!/bin/sh
            if [ "$*" = "buildx version" ]; then exec cat {_files.Path}/version; fi
            for word; do printf '%s\n' "$word"; done >{_files.Path}/words
            """
        );
        _files.Write("instance", "{}");
        var engine = new EngineClient(
            _files.Path,
            Path.Join(_files.Path, "instance"),
            "{}",
            Path.Join(_files.Path, "x")
        );
        var wrapper = _files.WriteExecutable("wrapper", new DockerWrapper([], engine).OnHost(docker));
        await Cli.Wrap(wrapper)
            .WithArguments(words)
            .WithEnvironmentVariables(_variables)
            .ExecuteAsync(TestContext.Current.CancellationToken);
        return
        [
            .. (
                await File.ReadAllTextAsync(Path.Join(_files.Path, "words"), TestContext.Current.CancellationToken)
            ).Split('\n')[..^1],
        ];
    }
}
