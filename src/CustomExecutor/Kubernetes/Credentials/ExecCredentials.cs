using System.Collections.Concurrent;
using CustomExecutor.Core.Kubernetes.ExecPlugins;
using CustomExecutor.Core.Kubernetes.Kubeconfig;
using Serilog;

namespace CustomExecutor.Kubernetes.Credentials;

/// <summary>
/// The credentials from an exec plugin. All clients of this process share them, because a plugin may take seconds or
/// call a paid service.
/// </summary>
internal sealed class ExecCredentials : IClusterCredentials
{
    private static readonly ConcurrentDictionary<string, SharedExecCredential> Shared = new(StringComparer.Ordinal);

    private readonly SharedExecCredential _shared;
    private readonly ILogger _admin;
    private int _disposed;

    /// <param name="plugin">The plugin.</param>
    /// <param name="connection">The connection that has it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="admin">Where its error output goes.</param>
    public ExecCredentials(ExecPlugin plugin, ClusterConnection connection, TimeProvider time, ILogger admin)
    {
        var info = ExecInfo.Of(plugin, connection);
        var environment = plugin.Environment.SelectMany(variable => new[] { variable.Key, variable.Value });
        // None of these strings contains a NUL.
        var key = string.Join('\0', [plugin.Command, .. plugin.Arguments, "", .. environment, "", info]);
        _shared = Shared.GetOrAdd(
            key,
            _ => new SharedExecCredential(new PluginCall(plugin, info, connection.Origin, time), time)
        );
        _shared.Enter();
        _admin = admin;
    }

    public Task<ClusterCredential> Get(CancellationToken cancel) => _shared.Get(_admin, cancel);

    public Task<bool> Renew(ClusterCredential refused, CancellationToken cancel) =>
        _shared.Renew(refused, _admin, cancel);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            _shared.Leave();
    }
}
