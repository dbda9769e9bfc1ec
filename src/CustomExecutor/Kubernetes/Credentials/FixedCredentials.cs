using CustomExecutor.Core;
using Serilog;

namespace CustomExecutor.Kubernetes.Credentials;

/// <summary>
/// The credentials in the configuration itself. They may have been replaced, so they are read again after a 401.
/// </summary>
internal sealed class FixedCredentials(ClusterCredential first, Func<ClusterCredential> reload, ILogger admin)
    : IClusterCredentials
{
    private volatile ClusterCredential _current = first;

    public Task<ClusterCredential> Get(CancellationToken cancel) => Task.FromResult(_current);

    public Task<bool> Renew(ClusterCredential refused, CancellationToken cancel)
    {
        try
        {
            if (_current.IsSameAs(refused))
                _current = reload();
        }
        catch (DriverException e)
        {
            // It may be half written. The 401 is still reported.
            admin.Warning("After a 401 the cluster's configuration can't be read again: {Reason:l}", e.Message);
        }

        return Task.FromResult(!_current.IsSameAs(refused));
    }
}
