using System.Net;
using System.Net.Sockets;

namespace CustomExecutor.Testing.Servers;

/// <summary>Ports for servers that cannot choose one themselves.</summary>
internal static class FreePort
{
    /// <summary>Above the kernel's default <c>ip_local_port_range</c>: no connection takes the port before its server
    /// does, or while that restarts.</summary>
    private const int First = 61_000;

    /// <summary>A port of this address that nobody listens on.</summary>
    public static int On(IPAddress address)
    {
        while (true)
        {
            var port = Random.Shared.Next(First, IPEndPoint.MaxPort + 1);
            try
            {
                using var listener = new TcpListener(address, port);
                listener.Start();
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Another one, then.
            }
        }
    }
}
