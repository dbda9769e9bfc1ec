using System.Text;
using CustomExecutor.Commands.Try;
using CustomExecutor.Core.Runner;

namespace CustomExecutor.EndToEnd;

/// <summary>One job, played from config to cleanup with the published driver on the real node.</summary>
internal sealed class JobOnNode : IDisposable
{
    /// <summary>A node that was lost, and a kubelet that tears down many pods at once, take their time.</summary>
    private static readonly TimeSpan PatienceForKubelet = TimeSpan.FromMinutes(5);

    private static long _lastId = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    private readonly TemporaryDirectory _temp = new();

    public long Id { get; } = NextId();

    /// <summary>An id that no other job of this instance has had.</summary>
    public static long NextId() => Interlocked.Increment(ref _lastId);

    /// <summary>Variables as the author sets them.</summary>
    public Dictionary<string, string> Variables { get; } =
        new() { ["CI_REGISTRY_IMAGE"] = $"{Node.Registry}/spec/{Guid.NewGuid():N}", ["BASE_IMAGE"] = Node.BaseImage };

    public IReadOnlyList<JobCredentials> Credentials { get; init; } = [];

    /// <summary>The author's <c>image:</c>.</summary>
    public string? Image { get; init; }

    /// <summary>The author's <c>services:</c>.</summary>
    public IReadOnlyList<JobImage> Services { get; init; } = [];

    /// <summary>A settings file of the spec's own.</summary>
    public string? Settings { get; init; }

    /// <summary>The driver, if a spec has done something to it.</summary>
    public string Driver { get; init; } = Node.Driver;

    /// <summary>Whether the scripts run in the job's pod; a settings file of the spec's own must agree.</summary>
    public bool InPod { get; init; }

    /// <summary>From SIGTERM to SIGKILL when a stage is cancelled.</summary>
    public TimeSpan GracefulKillTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Variables of type File.</summary>
    public IReadOnlyDictionary<string, string> FileVariables { get; init; } = new Dictionary<string, string>();

    /// <summary>Where the sources are copied from.</summary>
    public string? Sources { get; init; }

    /// <summary>Called while the builder lives, before the first script.</summary>
    public Func<PlayedAttempt, Task> Prepared { get; init; } = _ => Task.CompletedTask;

    public string TempRoot => _temp.Path;

    /// <summary>Plays it.</summary>
    /// <returns>How the runner sees its end, and the job log.</returns>
    public async Task<(RunnerResult Verdict, string Log)> Run(string script)
    {
        using var log = new MemoryStream();
        var run = new PlayedJobRun(
            Runner(),
            Job(),
            new PlayedScripts(Sources, script) { InPod = InPod },
            new JobLog(log, colours: false),
            TimeProvider.System
        )
        {
            Prepared = Prepared,
        };
        var verdict = await run.Run(TestContext.Current.CancellationToken);
        return (verdict, Encoding.UTF8.GetString(log.ToArray()));
    }

    /// <summary>A first attempt whose stages the spec calls itself.</summary>
    /// <param name="log">Gets the driver's and the scripts' output.</param>
    public PlayedAttempt Attempt(Stream log) => new(Runner(), Job(), log);

    /// <summary>Waits until the kubelet has told that the job's pods are gone.</summary>
    public Task PodsAreGone() =>
        Eventually.True(
            async () =>
                (await Node.Pods.Of(Node.Settings.Instance, Id, TestContext.Current.CancellationToken)).Count == 0,
            "the job's pods are gone",
            PatienceForKubelet
        );

    public void Dispose() => _temp.Dispose();

    private PlayedRunner Runner() =>
        new()
        {
            Driver = Driver,
            Arguments = ["--settings", Settings ?? (InPod ? Node.PodSettings : Node.AdminFile)],
            Environment = Node.Environment,
            TempRoot = _temp.Path,
            GracefulKillTimeout = GracefulKillTimeout,
            BetweenAttempts = TimeSpan.FromMilliseconds(100),
        };

    private PlayedJob Job() =>
        new()
        {
            Id = Id,
            Variables = [.. Variables],
            Credentials = Credentials,
            Image = Image,
            Services = Services,
            FileVariables = FileVariables,
        };
}
