using System.Net;
using System.Net.Sockets;

namespace CustomExecutor.Core.Builder;

/// <summary>How a job reaches its builder: directly, by the pod's address.</summary>
/// <param name="Address">The pod's address.</param>
/// <param name="ServerName">The name in the server's certificate.</param>
public sealed record BuilderEndpoint(IPAddress Address, string ServerName)
{
    /// <summary>The address as buildx takes it.</summary>
    public string Url => Address.AddressFamily == AddressFamily.InterNetworkV6
        ? $"tcp://[{Address}]:{BuilderSpec.Port}"
        : $"tcp://{Address}:{BuilderSpec.Port}";
}
