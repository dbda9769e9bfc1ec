using System.Net;

namespace CustomExecutor.Core.Kubernetes;

/// <summary>The order in which the addresses of one name are tried (RFC 8305, section 4).</summary>
public static class AddressOrder
{
    /// <summary>
    /// The addresses with their families alternating, so that a family without a working route delays a connection by
    /// one step only. The resolver's first address (RFC 6724: IPv6 where the host has it) stays the first, and the
    /// order within a family stays.
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
