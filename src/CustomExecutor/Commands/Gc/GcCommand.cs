using System.CommandLine;
using CustomExecutor.Core;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Settings;
using CustomExecutor.Gc;
using CustomExecutor.Host;
using CustomExecutor.Host.Files;
using CustomExecutor.Host.Logging;
using CustomExecutor.Kubernetes;

namespace CustomExecutor.Commands.Gc;

/// <summary>gc: removes leftovers of crashed jobs. For people and timers; it needs no runner.</summary>
internal static class GcCommand
{
    /// <summary>The subcommand.</summary>
    /// <param name="environment">This process's environment.</param>
    /// <param name="settings">The option that names the settings file.</param>
    /// <param name="time">The clock.</param>
    public static Command Create(RunnerEnvironment environment, Option<string?> settings, TimeProvider time)
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Print what would be removed, and remove nothing" };
        var all = new Option<bool>("--all-instances")
        {
            Description = "Also remove those of other instances (see the settings) in the namespace and on this host",
        };
        var command = new Command("gc", "Remove leftovers of crashed jobs: builders, workspaces, attempt directories")
        {
            dryRun,
            all,
        };
        // A signal ends gc immediately, at any point. The next call does the rest.
        command.SetAction(parsed =>
        {
            var loaded = AdminFile.Load(parsed.GetValue(settings), environment.Variables);
            return CommandBoundary.RunLogged(
                "gc",
                loaded.Log,
                environment,
                log => Run(loaded, log, parsed.GetValue(all), parsed.GetValue(dryRun), time)
            );
        });
        return command;
    }

    /// <summary>Reaps once.</summary>
    /// <exception cref="DriverException">Something could not be done; one problem a line.</exception>
    private static async Task<int> Run(
        DriverSettings settings,
        StageLog log,
        bool allInstances,
        bool dryRun,
        TimeProvider time
    )
    {
        var report = new GcReport(
            dryRun,
            line =>
            {
                Console.Out.WriteLine(line);
                log.Admin.Information("{Line:l}", line);
            }
        );
        // Opened when it is asked for, so that a host without a cluster still gets its files removed.
        using var cluster = new OpenedCluster(settings.Kubernetes, log.Admin, time);
        // The runner's TMPDIR is not known here but from the records; a timer of the runner's environment has the same.
        var roots = new[] { Path.TrimEndingDirectorySeparator(Path.GetTempPath()) };
        await new GcRun(settings, allInstances ? null : settings.Instance, roots, HostClock.Now(time), report).Collect(
            cluster.Pods,
            turn: null,
            CancellationToken.None
        );

        Console.Out.WriteLine(report.Summary());
        log.Admin.Information("{Summary:l}", report.Summary());
        return report.Problems.Count == 0 ? 0 : throw new DriverException(string.Join('\n', report.Problems));
    }

    private sealed class OpenedCluster(KubernetesSettings settings, Serilog.ILogger admin, TimeProvider time)
        : IDisposable
    {
        private k8s.Kubernetes? _client;

        public BuilderPods Pods() =>
            new(_client = ClusterAccess.Open(settings, time, admin), settings.Namespace, ApiRetries.None(time));

        public void Dispose() => _client?.Dispose();
    }
}
