using System.Diagnostics;
using System.Text.Json.Nodes;
using CustomExecutor.Commands.Try;
using CustomExecutor.Core.Docker;
using CustomExecutor.Host.Files;
using CustomExecutor.Host.Processes;

namespace CustomExecutor.EndToEnd.Sandbox;

/// <summary>
/// A runner's host with a user of the service's own: one directory for what jobs make, and the configuration in one
/// among the system's, where the driver has to hide it from between what programs need. All of it is gone at the end.
/// </summary>
internal sealed class ServiceHost : IDisposable
{
    private const string SystemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private readonly string _mode;
    private readonly string _base,
        _configuration;
    private readonly ChildProcess _service;

    /// <summary>Lays it out.</summary>
    /// <param name="mode">The settings' <c>scriptSandbox.mode</c>.</param>
    /// <param name="temporary">The service's <c>TMPDIR</c>; null for one of its own, as is recommended.</param>
    public ServiceHost(string mode, string? temporary = null)
    {
        _mode = mode;
        var name = $"custom-executor-spec-{Path.GetRandomFileName()}";
        (_base, _configuration) = (Shared($"/var/lib/{name}"), Shared($"/opt/{name}"));
        Attempts = temporary ?? Path.Join(_base, "attempts");
        foreach (var directory in (string[])["attempts", "workspaces", "cache", "home"])
            PrivateFiles.MakeDirectory(Path.Join(_base, directory));
        File.WriteAllText(Path.Join(Home, ".gitconfig"), "[user]\n  name = the runner's own\n");
        foreach (var directory in Directory.GetDirectories(_base))
            ServiceUser.Own(directory);

        Shared(Path.Join(_base, "bin"));
        Shared(Path.Join(_base, "plugins"));
        Install(Node.Driver, "bin/custom-executor");
        (Kubeconfig, ClientKey) = KubeconfigInPieces.Write(_configuration);
        ConfigToml = Private("config.toml", "[[runners]]\n  token = \"glrt-of-the-spec\"\n");
        DriverLog = Private("driver.log", "");
        AdminFile = Path.Join(_configuration, "settings.json");
        File.WriteAllText(AdminFile, Settings());
        File.SetUnixFileMode(AdminFile, (UnixFileMode)0b110_100_100);
        _service = ServiceUser.Start(["sleep", "infinity"], Runner.Environment);
    }

    public string Attempts { get; }

    public string Workspaces => Path.Join(_base, "workspaces");

    /// <summary>The caches of the played jobs' GitLab server.</summary>
    public string Cache => Path.Join(CacheRoot, Node.Settings.Instance, "gitlab.example.com_443");

    private string CacheRoot => Path.Join(_base, "cache");

    /// <summary>The home of the runner's service.</summary>
    public string Home => Path.Join(_base, "home");

    /// <summary>Where the host's own directories lie; for whoever looks whether something of them was found.</summary>
    public IReadOnlyList<string> Roots => [_base, _configuration];

    public string AdminFile { get; }

    public string Kubeconfig { get; }

    /// <summary>The key file that the kubeconfig names.</summary>
    public string ClientKey { get; }

    public string ConfigToml { get; }

    public string DriverLog { get; }

    /// <summary>A process that stands for the runner's own: of the user, with what the service has in its
    /// environment.</summary>
    public int ServiceProcess => _service.Id;

    public PlayedRunner Runner =>
        new()
        {
            Driver = ServiceUser.Program,
            Arguments = [.. ServiceUser.Arguments, Path.Join(_base, "bin", "custom-executor"), "--settings", AdminFile],
            Environment = new Dictionary<string, string>
            {
                ["PATH"] = $"{_base}/plugins:{SystemPath}",
                ["HOME"] = Home,
                ["CONFIG_FILE"] = ConfigToml,
                ["SERVICE_SECRET"] = "secret-of-the-service",
            },
            TempRoot = Attempts,
        };

    /// <summary>Whether a program is there for all users.</summary>
    public static bool Has(string program) =>
        SystemPath.Split(':').Any(directory => File.Exists(Path.Join(directory, program)));

    /// <summary>Adds the docker command line and its plugins, which may lie where the user can't reach them.</summary>
    public ServiceHost WithDocker()
    {
        var docker = Environment
            .GetEnvironmentVariable("PATH")!
            .Split(':')
            .Select(directory => Path.Join(directory, "docker"))
            .First(File.Exists);
        foreach (var program in Node.Settings.Docker.CliPluginsExtraDirs.SelectMany(Directory.GetFiles).Append(docker))
            Install(program, $"plugins/{Path.GetFileName(program)}");
        return this;
    }

    /// <summary>Adds docker, and the program of the jobs' Docker Engine API.</summary>
    public ServiceHost WithEngine()
    {
        Install(
            Path.Join(Path.GetDirectoryName(Node.Driver), EngineOnHost.ProgramName),
            $"bin/{EngineOnHost.ProgramName}"
        );
        return WithDocker();
    }

    public void Dispose()
    {
        _service.Signal(ChildProcessSignal.Kill);
        _service.Exit.Wait();
        _service.Dispose();
        foreach (var root in Roots)
            DirectoryRemoval.Remove(root);
    }

    private string Settings()
    {
        var settings = JsonNode.Parse(File.ReadAllText(Node.AdminFile))!;
        settings["kubernetes"] ??= new JsonObject();
        settings["builder"] ??= new JsonObject();
        settings["kubernetes"]!["kubeconfig"] = Kubeconfig;
        settings["workspace"] = new JsonObject { ["root"] = Workspaces, ["cacheRoot"] = CacheRoot };
        settings["scriptSandbox"] = new JsonObject { ["mode"] = _mode };
        settings["docker"] = new JsonObject { ["cliPluginsExtraDirs"] = new JsonArray(Path.Join(_base, "plugins")) };
        settings["log"] = new JsonObject { ["path"] = DriverLog };
        if (Node.Settings.Builder.BuildkitdConfig is { } toml)
            settings["builder"]!["buildkitdConfig"] = Private("buildkitd.toml", File.ReadAllText(toml));
        return settings.ToJsonString();
    }

    private string Private(string name, string text) => ServiceUser.Write(Path.Join(_configuration, name), text);

    private static string Shared(string directory)
    {
        Directory.CreateDirectory(directory);
        File.SetUnixFileMode(directory, (UnixFileMode)0b111_101_101);
        return directory;
    }

    /// <summary>Not by this process: what it has open for writing, a child of another spec may inherit for a moment,
    /// and then it can't be executed.</summary>
    private void Install(string program, string name)
    {
        using var install = Process.Start("install", ["-m", "755", program, Path.Join(_base, name)]);
        install.WaitForExit();
    }
}
