using System.Net.Http.Headers;
using System.Text;
using CustomExecutor.Core;

namespace CustomExecutor.Kubernetes.Credentials;

/// <summary>
/// A token in a file that somebody rotates, as the kubelet does with a service account's. By client-go's rules: it is
/// read again after a while and after a 401, the last one that could be read is kept, and <c>token</c> is only for as
/// long as there was none.
/// </summary>
/// <param name="file">The file's absolute path.</param>
/// <param name="beside">What the configuration holds besides: a client's certificate, a token to begin with.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenFileCredentials(string file, ClusterCredential beside, TimeProvider time)
    : IClusterCredentials
{
    /// <summary>client-go's minute without its leeway of 10 s.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(50);

    private readonly Lock _lock = new();
    private ClusterCredential? _current;
    private long _read;

    public Task<ClusterCredential> Get(CancellationToken cancel)
    {
        lock (_lock)
        {
            if (_current is null || time.GetElapsedTime(_read) >= Fresh)
                Read();
            return Task.FromResult(_current!);
        }
    }

    public Task<bool> Renew(ClusterCredential refused, CancellationToken cancel)
    {
        lock (_lock)
        {
            Read();
            return Task.FromResult(!_current!.IsSameAs(refused));
        }
    }

    private void Read()
    {
        _read = time.GetTimestamp();
        var content = ConfigurationFile.Read(file);
        var token = content.Bytes is { } bytes ? Encoding.UTF8.GetString(bytes).Trim() : "";
        if (token.Length > 0 && !token.Any(char.IsControl))
            _current = beside with { Authorization = new AuthenticationHeaderValue("Bearer", token) };
        _current ??= beside.Authorization is null ? null : beside;
        if (_current is null)
        {
            throw new DriverException(
                $"The token file {DisplayText.Of(file)} "
                    + (content.Trouble is { } trouble ? $"can't be read: {DisplayText.Of(trouble)}" : "has no token.")
            );
        }
    }
}
