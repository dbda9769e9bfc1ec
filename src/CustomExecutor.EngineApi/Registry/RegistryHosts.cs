using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CustomExecutor.EngineApi.Faults;

namespace CustomExecutor.EngineApi.Registry;

/// <summary>Where registries are and how they are spoken to.</summary>
/// <param name="config">What the admin says of them.</param>
internal sealed class RegistryHosts(BuildkitdConfig config)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<RegistryHost>>> _hosts = [];

    /// <summary>The registry of an image's domain.</summary>
    public Task<RegistryHost> Find(string domain) => _hosts.GetOrAdd(domain, name => new(() => Make(name))).Value;

    /// <summary>
    /// The domain in the address of a login: <c>https://index.docker.io/v1/</c>, <c>registry.example.com</c>.
    /// </summary>
    public static string DomainOf(string? address)
    {
        if (string.IsNullOrEmpty(address))
            return "docker.io";
        var scheme = address.IndexOf("://", StringComparison.Ordinal);
        var host = (scheme < 0 ? address : address[(scheme + 3)..]).Split('/')[0];
        return host is "index.docker.io" or "registry-1.docker.io" ? "docker.io" : host;
    }

    private async Task<RegistryHost> Make(string domain)
    {
        // Docker Hub's registry has another host than its images' names.
        var authority = domain == "docker.io" ? "registry-1.docker.io" : domain;
        var options = config.Of(domain);
        var isLocal = options.IsSilent && IsLoopback(authority);
        var client = new HttpClient(Handler(isLocal ? options with { Insecure = true } : options))
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("custom-executor-engine-api");
        var isHttp = options.Http == true || (isLocal && !await SpeaksTls(client, authority));
        return new RegistryHost(new Uri($"{(isHttp ? "http" : "https")}://{authority}/"), client);
    }

    /// <summary>
    /// As dockerd does: a registry on this machine may speak plain HTTP, a service of the job for example.
    /// </summary>
    private static bool IsLoopback(string authority)
    {
        var host = authority.StartsWith('[') ? authority[1..].Split(']')[0] : authority.Split(':')[0];
        return host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
    }

    private static async Task<bool> SpeaksTls(HttpClient client, string authority)
    {
        try
        {
            using var answer = await client.GetAsync(
                new Uri($"https://{authority}/v2/"),
                HttpCompletionOption.ResponseHeadersRead
            );
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static SocketsHttpHandler Handler(RegistryOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(30),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        };
        // The admin said so for this registry, as for BuildKit's own client.
#pragma warning disable CA5359
        if (options.Insecure == true)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        }
#pragma warning restore CA5359
        else if (options.Ca is { Count: > 0 } files)
        {
            var trusted = Read(files);
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                errors == SslPolicyErrors.None
                || (errors == SslPolicyErrors.RemoteCertificateChainErrors && IsTrusted(certificate, chain, trusted));
        }

        return handler;
    }

    private static X509Certificate2Collection Read(IReadOnlyList<string> files)
    {
        var certificates = new X509Certificate2Collection();
        foreach (var file in files)
        {
            try
            {
                certificates.ImportFromPemFile(file);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
            {
                throw EngineException.Registry(
                    $"the certificates in {file} (--buildkitd-config) can't be read: {e.Message}"
                );
            }
        }

        return certificates;
    }

    private static bool IsTrusted(X509Certificate? certificate, X509Chain? sent, X509Certificate2Collection trusted)
    {
        if (certificate is not X509Certificate2 own)
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(trusted);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (sent is not null)
        {
            foreach (var element in sent.ChainElements)
                chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return chain.Build(own);
    }
}

/// <summary>A registry's address and the client for it.</summary>
internal sealed record RegistryHost(Uri Address, HttpClient Client)
{
    /// <summary>HOST or HOST:PORT.</summary>
    public string Authority => Address.Authority;
}
