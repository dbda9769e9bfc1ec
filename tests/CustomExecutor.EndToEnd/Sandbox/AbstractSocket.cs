using System.Net.Sockets;

namespace CustomExecutor.EndToEnd.Sandbox;

/// <summary>A socket with a name and no file: permissions keep nobody away from it.</summary>
internal sealed class AbstractSocket : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public AbstractSocket()
    {
        _listener.Bind(new UnixDomainSocketEndPoint($"\0{Name}"));
        _listener.Listen(100);
    }

    public string Name { get; } = $"custom-executor-spec-{Guid.NewGuid():N}";

    public void Dispose() => _listener.Dispose();
}
