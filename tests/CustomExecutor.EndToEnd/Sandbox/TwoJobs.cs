using System.Globalization;
using CustomExecutor.Commands.Try;
using CustomExecutor.Host.Files;

namespace CustomExecutor.EndToEnd.Sandbox;

/// <summary>A job that minds its own business, and beside it one that is after everything: it knows each path and each
/// process, as nothing that it has to guess shall protect the other.</summary>
/// <param name="mode">The settings' <c>scriptSandbox.mode</c>.</param>
public abstract class TwoJobs(string mode) : IAsyncLifetime
{
    private const string Victims = """
        mkdir precious; for name in read write delete truncate rename link; do echo precious > precious/$name; done
        docker info > /dev/null 2>&1 || exit
        sleep infinity & sleeper=$!
        echo $sleeper $$ $PPID > pids.new; mv pids.new pids
        while [ ! -e over ]; do sleep 0.1; done
        kill $sleeper
        [ "$(cat precious/* | sort | uniq -c | xargs)" = "6 precious" ] && [ "$(ls precious | xargs)" = "delete link read rename truncate write" ] && echo unharmed
        """;

    private Task<(RunnerResult Verdict, string Log)>? _victims;
    private AbstractSocket? _socket;

    internal ServiceHost Host { get; private set; } = null!;

    internal HostJob Victim { get; private set; } = null!;

    internal HostJob Hostile { get; private set; } = null!;

    /// <summary>What the hostile job's script, which made all attempts, told of them.</summary>
    internal string Tried { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        if (ServiceUser.Obstacle is not null)
            return;
        Host = new ServiceHost(mode).WithEngine();
        _socket = new AbstractSocket();
        Victim = new HostJob(
            Host,
            new PlayedJob
            {
                Id = JobOnNode.NextId(),
                ProjectId = 41,
                Variables = [new("DEPLOY_SECRET", "secret-of-the-victim")],
            }
        );
        Hostile = new HostJob(Host, new PlayedJob { Id = JobOnNode.NextId(), ProjectId = 42 });
        await Task.WhenAll(Victim.Prepare(), Hostile.Prepare());
        _victims = Victim.Run(Victims);
        var pids = Path.Join(Victim.ProjectDirectory, "pids");
        await Eventually.True(() => File.Exists(pids) || _victims.IsCompleted, "the victim's script is at work");
        var lines = await File.ReadAllLinesAsync(pids, TestContext.Current.CancellationToken);
        // Before it is sleep, it is a copy of bash, and its stack is elsewhere.
        await Eventually.True(
            () => File.ReadAllText($"/proc/{lines[0].Split(' ')[0]}/comm").Trim() == "sleep",
            "the victim's child is sleep"
        );
        Tell(lines);
        Tried = await Hostile.Do(string.Concat(HostileAttempt.All.Select(attempt => attempt.Script)));
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Host is null)
            return;
        if (_victims is { IsCompleted: false })
            await EndVictim();
        await Task.WhenAll(
            new[] { Victim, Hostile }.Where(job => Directory.Exists(job.Attempt.Directory)).Select(job => job.Cleanup())
        );
        Victim.Dispose();
        Hostile.Dispose();
        _socket?.Dispose();
        Host.Dispose();
    }

    /// <summary>Lets the victim's script come to its end.</summary>
    internal async Task<(RunnerResult Verdict, string Log)> EndVictim()
    {
        await File.WriteAllTextAsync(Path.Join(Victim.ProjectDirectory, "over"), "");
        return await _victims!;
    }

    private void Tell(string[] pids)
    {
        var (sleeper, shell, driver) = (pids[0].Split(' ')[0], pids[0].Split(' ')[1], pids[0].Split(' ')[2]);
        var known = Hostile.Known;
        (known["SLEEPER"], known["SHELL_PID"], known["DRIVER"], known["RUNNER"]) = (
            sleeper,
            shell,
            driver,
            $"{Host.ServiceProcess}"
        );
        known["ADDRESS"] = MappedAt(sleeper);
        (known["VICTIM"], known["VICTIM_DIR"]) = (
            Victim.Attempt.Directory,
            Path.Join(Victim.ProjectDirectory, "precious")
        );
        (known["OWN"], known["ATTEMPTS"], known["WORKSPACES"], known["CACHE"]) = (
            Hostile.Attempt.Directory,
            Host.Attempts,
            Host.Workspaces,
            Host.Cache
        );
        (known["SETTINGS"], known["CLUSTER"], known["CLIENT_KEY"], known["CONFIG_TOML"]) = (
            Host.AdminFile,
            Host.Kubeconfig,
            Host.ClientKey,
            Host.ConfigToml
        );
        (known["DRIVER_LOG"], known["TOKEN"], known["SERVICE_HOME"]) = (
            Host.DriverLog,
            ServiceAccountToken.File,
            Host.Home
        );
        (known["SOCKET"], known["ROOTS"]) = (_socket!.Name, string.Join(' ', Host.Roots));
        MakeCache("project-41");
        MakeCache("project-42-protected");
    }

    private void MakeCache(string name)
    {
        var directory = Path.Join(Host.Cache, name);
        PrivateFiles.MakeDirectory(directory);
        PrivateFiles.Write(Path.Join(directory, "cache.zip"), "cached");
        ServiceUser.Own(directory);
    }

    private static string MappedAt(string pid) =>
        ulong.Parse(
                File.ReadLines($"/proc/{pid}/maps")
                    .First(line => line.EndsWith("[stack]", StringComparison.Ordinal))
                    .Split('-')[0],
                NumberStyles.HexNumber,
                CultureInfo.InvariantCulture
            )
            .ToString(CultureInfo.InvariantCulture);
}

/// <summary>The two with scripts confined as they are by default.</summary>
public sealed class TwoConfinedJobs() : TwoJobs("auto");

/// <summary>The two with scripts that nothing confines.</summary>
public sealed class TwoUnconfinedJobs() : TwoJobs("never");
