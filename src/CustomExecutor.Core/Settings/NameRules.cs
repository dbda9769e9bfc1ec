using System.Net;
using CustomExecutor.Core.Kubernetes;
using static CustomExecutor.Core.Settings.SettingsMistakes;

namespace CustomExecutor.Core.Settings;

/// <summary>What host aliases and DNS must obey (the API server's <c>ValidateHostAliases</c> and
/// <c>validatePodDNSConfig</c>).</summary>
internal static class NameRules
{
    private const int MostNameservers = 3;

    /// <summary>Adds every mistake.</summary>
    public static void Check(JobSettings job, SettingsMistakes mistakes)
    {
        for (var i = 0; i < job.HostAliases.Count; i++)
        {
            if (job.HostAliases[i] is { } alias)
                CheckAlias(Item("job.hostAliases", i), alias, mistakes);
        }

        var dns = job.Dns;
        for (var i = 0; i < dns.Nameservers.Count; i++)
            CheckAddress(Item("job.dns.nameservers", i), dns.Nameservers[i], mistakes);
        if (dns.Nameservers.Count > MostNameservers)
            mistakes.Add("job.dns.nameservers", $"{dns.Nameservers.Count} are more than {MostNameservers}; name fewer");
        if (
            dns is { Policy: DnsPolicy.None, Nameservers.Count: 0 }
            && mistakes.WasRead("job.dns.policy")
            && mistakes.WasRead("job.dns.nameservers")
        )
        {
            mistakes.Add("job.dns.nameservers", "policy None needs at least one; name it, or take another policy");
        }

        for (var i = 0; i < dns.Searches.Count; i++)
        {
            if (dns.Searches[i] is { } domain && !KubernetesNames.IsDnsName(domain))
                CheckName(Item("job.dns.searches", i), domain, "domain", mistakes);
        }

        foreach (var (name, value) in dns.Options)
        {
            if (name.Length > 0 && !$"{name}{value}".Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
                continue;
            mistakes.Add(
                KeyPath.Of("job.dns.options", name),
                "is not an option of resolv.conf (like \"ndots\": \"2\")"
            );
        }
    }

    private static void CheckAlias(string path, HostAliasSettings alias, SettingsMistakes mistakes)
    {
        CheckAddress(KeyPath.Of(path, "ip"), alias.Ip, mistakes);
        if (alias.Hostnames.Count == 0 && mistakes.WasRead(KeyPath.Of(path, "hostnames")))
            mistakes.Add(KeyPath.Of(path, "hostnames"), "there is none; name one or leave the alias out");
        for (var i = 0; i < alias.Hostnames.Count; i++)
        {
            if (alias.Hostnames[i] is { } name && !KubernetesNames.IsDnsName(name))
                CheckName(Item(KeyPath.Of(path, "hostnames"), i), name, "host name", mistakes);
        }
    }

    private static void CheckName(string path, string name, string what, SettingsMistakes mistakes) =>
        mistakes.Add(path, $"{Quoted(name)} is not a valid {what}: {KubernetesNames.DnsName}");

    private static void CheckAddress(string path, string? address, SettingsMistakes mistakes)
    {
        // IPAddress takes "1" and "0x7f.1" as well; the server's parser does not.
        if (
            address is not null
            && mistakes.WasRead(path)
            && !(
                IPAddress.TryParse(address, out var ip)
                && (address.Contains(':') ? !address.Contains('%') && !address.Contains('[') : ip.ToString() == address)
            )
        )
        {
            mistakes.Add(path, $"{Quoted(address)} is not an IP address");
        }
    }
}
