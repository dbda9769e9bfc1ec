using System.Net.Http.Headers;
using System.Text;
using CustomExecutor.Core;

namespace CustomExecutor.Kubernetes.Credentials;

/// <summary>
/// A token in a file that is rotated, like a service account's by the kubelet. By client-go's rules, the file is read
/// again after some time and after a 401, the last readable token is kept, and <c>token</c> is used until the file has
/// been read once.
/// </summary>
/// <param name="file">The file's absolute path.</param>
/// <param name="beside">The configuration's other credentials: a client certificate, an initial token.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenFileCredentials(string file, ClusterCredential beside, TimeProvider time)
    : IClusterCredentials
{
    /// <summary>client-go's minute minus its leeway of 10 s.</summary>
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
