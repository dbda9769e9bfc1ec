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
    public static Command Create(RunnerEnvironment environment, Option<string?> settings)
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
                log => Run(loaded, log, parsed.GetValue(all), parsed.GetValue(dryRun))
            );
        });
        return command;
    }

    /// <summary>Collects once.</summary>
    /// <exception cref="DriverException">Something failed; one problem per line.</exception>
    private static async Task<int> Run(DriverSettings settings, StageLog log, bool allInstances, bool dryRun)
    {
        var report = new GcReport(
            dryRun,
            line =>
            {
                Console.Out.WriteLine(line);
                log.Admin.Information("{Line:l}", line);
            }
        );
        // Opened at its first use, so that gc still removes files on a host without a cluster.
        using var cluster = new OpenedCluster(settings.Kubernetes, log.Admin);
        // Only the records know the runner's TMPDIR. A timer with the runner's environment has the same one.
        var roots = new[] { Path.TrimEndingDirectorySeparator(Path.GetTempPath()) };
        await new GcRun(settings, allInstances ? null : settings.Instance, roots, HostClock.Now(), report).Run(
            cluster.Census,
            turn: null,
            CancellationToken.None
        );

        Console.Out.WriteLine(report.Summary());
        log.Admin.Information("{Summary:l}", report.Summary());
        return report.Problems.Count == 0 ? 0 : throw new DriverException(string.Join('\n', report.Problems));
    }

    private sealed class OpenedCluster(KubernetesSettings settings, Serilog.ILogger admin) : IDisposable
    {
        private k8s.Kubernetes? _client;

        public BuilderCensus Census() => new(_client = ClusterAccess.Open(settings, admin), settings.Namespace);

        public void Dispose() => _client?.Dispose();
    }
}
