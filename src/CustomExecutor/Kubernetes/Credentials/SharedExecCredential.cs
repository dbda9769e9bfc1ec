using System.Net.Http.Headers;
using CustomExecutor.Core.Kubernetes.Kubeconfig;
using Serilog;

namespace CustomExecutor.Kubernetes.Credentials;

/// <summary>
/// The credential of one plugin. The plugin runs at the first request, after the credential has expired, and once after
/// a 401. If a try of an API call times out first, the plugin continues for the next try. It is killed when the last
/// client leaves.
/// </summary>
internal sealed class SharedExecCredential(PluginCall plugin, TimeProvider time)
{
    private readonly Lock _lock = new();
    private (ClusterCredential Credential, DateTimeOffset? Expires)? _held;
    private ClusterCredential? _refusedAgain;
    private Task<ClusterCredential>? _running;
    private Action? _end;
    private int _clients;

    /// <summary>Adds a client.</summary>
    public void Enter()
    {
        lock (_lock)
            _clients++;
    }

    /// <summary>Removes a client. For the last one, kills a running plugin before it returns.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            if (--_clients == 0)
            {
                _end?.Invoke();
                _end = null;
            }
        }
    }

    /// <summary>See <see cref="IClusterCredentials.Get"/>.</summary>
    public Task<ClusterCredential> Get(ILogger admin, CancellationToken cancel)
    {
        lock (_lock)
        {
            if (_held is var (credential, expires) && (expires is null || time.GetUtcNow() < expires))
                return Task.FromResult(credential);
            return Run(admin).WaitAsync(cancel);
        }
    }

    /// <summary>See <see cref="IClusterCredentials.Renew"/>.</summary>
    public async Task<bool> Renew(ClusterCredential refused, ILogger admin, CancellationToken cancel)
    {
        Task<ClusterCredential> running;
        lock (_lock)
        {
            if (_held is var (held, _) && !held.IsSameAs(refused))
                return true;
            // The plugin already ran after a 401 and returned the same credential.
            if (_refusedAgain is not null && _refusedAgain.IsSameAs(refused))
                return false;
            running = Run(admin);
        }

        var renewed = await running.WaitAsync(cancel);
        if (!renewed.IsSameAs(refused))
            return true;
        lock (_lock)
            _refusedAgain = refused;
        return false;
    }

    private Task<ClusterCredential> Run(ILogger admin)
    {
        if (_running is { IsCompleted: false } && _end is not null)
            return _running;
        var end = new CancellationTokenSource();
        Action cancel = end.Cancel;
        _end = cancel;
        return _running = Call(admin, end, cancel);
    }

    private async Task<ClusterCredential> Call(ILogger admin, CancellationTokenSource end, Action cancel)
    {
        try
        {
            // Not under the lock and not on the caller's thread, because starting a process takes some time.
            await Task.Yield();
            var output = await plugin.Run(admin, end.Token);
            var credential = new ClusterCredential(
                output.Token is { } token ? new AuthenticationHeaderValue("Bearer", token) : null,
                output is { ClientCertificate: { } certificate, ClientKey: { } key }
                    ? CertificatePem.Load(certificate, key)
                    : null
            );
            lock (_lock)
                _held = (credential, output.Expires);
            return credential;
        }
        finally
        {
            lock (_lock)
            {
                if (_end == cancel)
                    _end = null;
            }

            end.Dispose();
        }
    }
}
