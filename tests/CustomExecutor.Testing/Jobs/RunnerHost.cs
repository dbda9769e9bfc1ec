using System.Text.Json.Nodes;
using CustomExecutor.Attempt;
using CustomExecutor.Commands.Try;

namespace CustomExecutor.Testing.Jobs;

/// <summary>A runner's host: its service, the admin's settings, and the directories that the runner and the driver
/// use.</summary>
internal sealed class RunnerHost : IDisposable
{
    /// <summary>What the runner's service has in its environment and no script may see.</summary>
    public static readonly IReadOnlyDictionary<string, string> ServiceSecrets = new Dictionary<string, string>
    {
        ["CI_SERVER_TOKEN"] = "glrt-of-the-runner-service",
        ["AWS_SECRET_ACCESS_KEY"] = "cloud-key-of-the-runner-service",
        ["KUBECONFIG"] = "/kubeconfig-of-the-runner-service",
        ["DOCKER_CONFIG"] = "/docker-config-of-the-runner-service",
        ["DOCKER_HOST"] = "tcp://dockerd-of-the-runner-service:2375",
        ["BUILDX_BUILDER"] = "builder-of-the-runner-service",
        ["BUILDX_CONFIG"] = "/buildx-of-the-runner-service",
        ["BUILDKIT_HOST"] = "tcp://buildkitd-of-the-runner-service:1234",
        ["BASH_ENV"] = "/bash-env-of-the-runner-service",
        ["HOME"] = "/home-of-the-runner-service",
    };

    private readonly TemporaryDirectory _directory = new();
    private readonly List<JobAttempt> _attempts = [];

    /// <param name="kubeconfig">The kubeconfig's text.</param>
    /// <param name="namespace">The builders' namespace.</param>
    /// <param name="settings">Changes what the settings file says.</param>
    public RunnerHost(string kubeconfig, string @namespace, Action<JsonObject>? settings = null)
    {
        var file = new JsonObject
        {
            ["kubernetes"] = new JsonObject
            {
                ["kubeconfig"] = _directory.Write("kubeconfig", kubeconfig),
                ["namespace"] = @namespace,
            },
            ["builder"] = new JsonObject { ["prepareTimeoutSeconds"] = 60 },
            ["scripts"] = new JsonObject { ["runIn"] = "host" },
            ["workspace"] = new JsonObject { ["root"] = WorkspaceRoot },
            ["log"] = new JsonObject { ["path"] = AdminLog },
            ["scriptSandbox"] = new JsonObject { ["allow"] = new JsonArray(OpenDirectory) },
        };
        settings?.Invoke(file);
        System.IO.Directory.CreateDirectory(OpenDirectory);
        Runner = new PlayedRunner
        {
            Driver = Driver,
            Arguments = ["--settings", _directory.Write("settings.json", file.ToJsonString())],
            Environment = ServiceEnvironment(),
            TempRoot = Path.Combine(_directory.Path, "runner"),
            BetweenAttempts = TimeSpan.FromMilliseconds(50),
        };
    }

    /// <summary>The driver that was built with the tests: the same code for .NET's runtime, which a test can have start
    /// with more.</summary>
    public static readonly string BuiltDriver = Path.Combine(AppContext.BaseDirectory, "custom-executor");

    /// <summary>The driver: the published program if the tests were given it, else the one that was built with
    /// them.</summary>
    public static string Driver { get; } =
        Environment.GetEnvironmentVariable("CUSTOM_EXECUTOR_BINARY") is { Length: > 0 } published
            ? Path.GetFullPath(published)
            : BuiltDriver;

    public PlayedRunner Runner { get; }

    public string Directory => _directory.Path;

    /// <summary>Where scripts of all jobs may write.</summary>
    public string OpenDirectory => Path.Combine(_directory.Path, "open");

    public string WorkspaceRoot => Path.Combine(_directory.Path, "workspaces");

    /// <summary>The workspaces that there are.</summary>
    public string[] Workspaces =>
        [.. System.IO.Directory.GetFileSystemEntries(WorkspaceRoot).Where(path => path != Records.Directory)];

    /// <summary>What prepare notes of attempts.</summary>
    public AttemptRecords Records => new(WorkspaceRoot);

    /// <summary>What there is of jobs under the workspaces' root: workspaces, and the driver's records of
    /// them.</summary>
    public IEnumerable<string> FilesOfJobs =>
        !System.IO.Directory.Exists(WorkspaceRoot)
            ? []
            : System
                .IO.Directory.GetFileSystemEntries(WorkspaceRoot)
                .SelectMany(entry =>
                    Path.GetFileName(entry) == ".jobs"
                        ? System.IO.Directory.GetFiles(entry).Where(file => Path.GetFileName(file) != "swept")
                        : [entry]
                );

    public string AdminLog => Path.Combine(_directory.Path, "log", "driver.json");

    /// <summary>What the admin's log has, while drivers write it.</summary>
    public string AdminLogText()
    {
        if (!File.Exists(AdminLog))
            return "";
        using var file = new FileStream(AdminLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }

    /// <summary>A fresh attempt at a job.</summary>
    public JobAttempt Attempt(PlayedJob job)
    {
        var attempt = new JobAttempt(Runner, job);
        _attempts.Add(attempt);
        return attempt;
    }

    public void Dispose()
    {
        foreach (var attempt in _attempts)
            attempt.Dispose();
        _directory.Dispose();
    }

    private static Dictionary<string, string> ServiceEnvironment()
    {
        var environment = new Dictionary<string, string>(ServiceSecrets) { ["LANG"] = "C.UTF-8" };
        // DOTNET_ROOT: the program that is built with the tests needs the runtime; the published one does not.
        foreach (var name in (string[])["PATH", "DOTNET_ROOT"])
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
                environment[name] = value;
        }

        return environment;
    }
}
