using System.Net;

namespace CustomExecutor.Core.Builder;

/// <summary>How a job reaches its builder: directly, by the pod's address.</summary>
/// <param name="Address">The pod's address.</param>
/// <param name="ServerName">The name in the server's certificate.</param>
public sealed record BuilderEndpoint(IPAddress Address, string ServerName)
{
    /// <summary>ADDRESS:PORT, an IPv6 address in brackets.</summary>
    public string Authority => new IPEndPoint(Address, BuilderSpec.Port).ToString();

    /// <summary>The address as buildx takes it.</summary>
    public string Url => $"tcp://{Authority}";
}
