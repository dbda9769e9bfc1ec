using System.ComponentModel;

namespace CustomExecutor.Core.Settings;

/// <summary>A line of <c>/etc/hosts</c>, as in a pod's spec.</summary>
public sealed record HostAliasSettings
{
    [Description("The IP address.")]
    public string Ip { get; set; } = "";

    [Description("The host names of this address.")]
    public IReadOnlyList<string> Hostnames { get; set; } = [];
}

/// <summary>A pod's <c>dnsPolicy</c> and <c>dnsConfig</c>.</summary>
public sealed record DnsSettings
{
    [Description(
        "ClusterFirst uses the cluster's DNS, Default the node's, None only the servers that are listed "
            + "here (Kubernetes' dnsPolicy)."
    )]
    public DnsPolicy Policy { get; set; } = DnsPolicy.ClusterFirst;

    [Description("Addresses of name servers, at most three.")]
    public IReadOnlyList<string> Nameservers { get; set; } = [];

    [Description("Domains in which short names are looked up.")]
    public IReadOnlyList<string> Searches { get; set; } = [];

    [Description("Options of resolv.conf, like {\"ndots\": \"2\"}. For options without a value, use an empty text.")]
    public IReadOnlyDictionary<string, string> Options { get; set; } = new Dictionary<string, string>();
}

/// <summary>Where a pod's names are looked up (Kubernetes' own words).</summary>
public enum DnsPolicy
{
    ClusterFirst,
    Default,
    None,
}
