namespace CustomExecutor.EndToEnd.Sandbox;

/// <summary>What pipelines use: git, archives, docker, compilers. The sandbox is in the way of none.</summary>
public sealed class HonestToolsSpecs(HonestJob job) : IClassFixture<HonestJob>
{
    private const string Clone = """
        export GIT_CONFIG_COUNT=3 GIT_CONFIG_KEY_0=protocol.file.allow GIT_CONFIG_VALUE_0=always
        export GIT_CONFIG_KEY_1=user.name GIT_CONFIG_VALUE_1=spec GIT_CONFIG_KEY_2=user.email GIT_CONFIG_VALUE_2=spec@example.com
        git init -q library && (cd library && echo inner > file && git add . && git commit -qm library)
        git init -q project && (cd project && git submodule --quiet add $PWD/../library lib && git commit -qm project)
        git clone -q --recurse-submodules project clone && cd clone && cat lib/file
        git clean -ffdx && git fetch -q && git config --global user.name kept && git config --global --get user.name
        """;

    // There is no gitlab-runner in the test's reach: these are the calls that its cache and artifact commands make of
    // the host.
    private const string CacheAndArtifacts = """
        mkdir -p dist "$CACHE/default" && echo built > dist/result && ln -s result dist/link && chmod 751 dist/result
        zip -qry $CACHE/default/.new.zip dist && mv $CACHE/default/.new.zip $CACHE/default/cache.zip
        tar -C dist -czf "$TMPDIR/artifacts.tar.gz" . && mv $TMPDIR/artifacts.tar.gz .
        rm -r dist && unzip -q $CACHE/default/cache.zip && cat dist/link && stat -c %a dist/result
        curl -sSf -T artifacts.tar.gz $UPLOAD
        """;

    private const string DotnetBuild = """
        dotnet new console -o app --no-restore > /dev/null && dotnet build app --nologo -v quiet -p:UseAppHost=true && app/bin/Debug/*/app
        """;

    private const string NpmBuild = """
        mkdir dependency && echo '{"name": "dependency", "version": "1.0.0"}' > dependency/package.json && echo 'module.exports = "from the dependency"' > dependency/index.js
        echo '{"name": "app", "dependencies": {"dependency": "file:./dependency"}, "scripts": {"build": "node build.js > out"}}' > package.json
        echo 'console.log(require("dependency"), require("os").tmpdir() === process.env.TMPDIR)' > build.js
        npm install --offline --no-audit --no-fund && npm run build && cat out
        """;

    [Fact]
    public async Task Git_clones_a_project_with_its_submodule_and_keeps_the_jobs_own_settings()
    {
        ServiceUser.RequireHost();

        (await job.Do(Clone)).Should().Contain("inner\n").And.Contain("kept\n");
    }

    [Fact]
    public async Task Caches_go_to_the_projects_directory_and_back_and_artifacts_are_uploaded()
    {
        ServiceUser.RequireHost();
        using var server = new UploadServer();
        (job.Job.Known["CACHE"], job.Job.Known["UPLOAD"]) = (job.Cache, server.Address);

        var log = await job.Do(CacheAndArtifacts);

        log.Should().Contain("built\n751\n");
        (await server.Uploaded).Should().StartWith([0x1f, 0x8b], "it is a gzip's beginning");
    }

    [Fact]
    public async Task Docker_builds_and_pushes_the_example()
    {
        ServiceUser.RequireHost();
        job.Copy(Node.Example);

        (
            await job.Job.Do(
                await File.ReadAllTextAsync(Path.Join(Node.Example, "script.sh"), TestContext.Current.CancellationToken)
            )
        )
            .Should()
            .Contain("pushing manifest");
    }

    [Fact]
    public async Task Dotnet_builds_a_program_and_the_script_runs_it()
    {
        ServiceUser.RequireHost();
        RequireProgram("dotnet");

        (await job.Do(DotnetBuild)).Should().Contain("Hello, World!");
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("export DOTNET_EnableDiagnostics=1", true)]
    public async Task A_NET_program_has_no_socket_by_which_others_read_its_environment_unless_the_author_wants_it(
        string before,
        bool has
    )
    {
        ServiceUser.RequireHost();
        RequireProgram("dotnet");

        var log = await job.Do(
            $"""
            {before}
            echo 'for f in System.IO.Directory.GetFileSystemEntries(System.IO.Path.GetTempPath()) do printfn "%s" f' > list.fsx
            dotnet fsi list.fsx
            """
        );

        log.Contains("/dotnet-diagnostic-", StringComparison.Ordinal).Should().Be(has, log);
    }

    [Fact]
    public async Task Npm_installs_and_builds()
    {
        ServiceUser.RequireHost();
        RequireProgram("npm");

        (await job.Do(NpmBuild)).Should().Contain("from the dependency true");
    }

    private static void RequireProgram(string name)
    {
        if (!ServiceHost.Has(name))
            Assert.Skip($"{name} is not installed for all users.");
    }
}
