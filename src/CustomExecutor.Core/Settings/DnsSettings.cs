using System.ComponentModel;

namespace CustomExecutor.Core.Settings;

/// <summary>A line of <c>/etc/hosts</c>, as in a pod's spec.</summary>
public sealed record HostAliasSettings
{
    [Description("The address.")]
    public string Ip { get; set; } = "";

    [Description("Its names.")]
    public IReadOnlyList<string> Hostnames { get; set; } = [];
}

/// <summary>A pod's <c>dnsPolicy</c> and <c>dnsConfig</c>.</summary>
public sealed record DnsSettings
{
    [Description(
        "ClusterFirst asks the cluster's DNS, Default the node's, None only what is named here (Kubernetes' dnsPolicy)."
    )]
    public DnsPolicy Policy { get; set; } = DnsPolicy.ClusterFirst;

    [Description("Addresses of name servers, at most three.")]
    public IReadOnlyList<string> Nameservers { get; set; } = [];

    [Description("Domains in which short names are looked up.")]
    public IReadOnlyList<string> Searches { get; set; } = [];

    [Description("resolv.conf options, like {\"ndots\": \"2\"}; an empty value for those without.")]
    public IReadOnlyDictionary<string, string> Options { get; set; } = new Dictionary<string, string>();
}

/// <summary>Where a pod's names are looked up (Kubernetes' own words).</summary>
public enum DnsPolicy
{
    ClusterFirst,
    Default,
    None,
}
