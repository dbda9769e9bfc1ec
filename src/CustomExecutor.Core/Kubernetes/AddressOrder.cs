using System.Net;

namespace CustomExecutor.Core.Kubernetes;

/// <summary>The order in which to try the addresses of a name (RFC 8305, section 4).</summary>
public static class AddressOrder
{
    /// <summary>
    /// Alternates the address families, so that a family without a working route delays a connection by only one step.
    /// The resolver's first address (RFC 6724: IPv6 where the host has it) stays first, and the order within a family
    /// does not change.
    /// </summary>
    public static IReadOnlyList<IPAddress> Alternating(IReadOnlyList<IPAddress> resolved)
    {
        var families = resolved.Distinct().GroupBy(a => a.AddressFamily).Select(g => g.ToList()).ToList();
        return
        [
            .. Enumerable.Range(0, resolved.Count).SelectMany(i => families.Where(f => i < f.Count).Select(f => f[i])),
        ];
    }
}
