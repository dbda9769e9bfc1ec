using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace CustomExecutor.Tests.Kubernetes.Kubeconfig;

/// <summary>One row made real: its files, and the servers and proxies that it names.</summary>
internal sealed partial class Lab : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Dictionary<string, RecordingServer> _servers = [];
    private readonly Dictionary<string, RecordingProxy> _proxies = [];
    private readonly ConcurrentQueue<string> _record = new();
    private readonly Row _row;

    private Lab(Row row) => _row = row;

    public string Directory => _directory.Path;

    public string Kubeconfig => Path.Combine(Directory, "kubeconfig");

    public Dictionary<string, string> Environment { get; } = [];

    public static async Task<Lab> Create(Row row)
    {
        var lab = new Lab(row);
        System.IO.Directory.CreateDirectory(Path.Combine(lab.Directory, "home"));
        foreach (var (name, value) in row.Environment)
            lab.Environment[name] = await lab.Fill(value);
        foreach (var (name, text) in row.Files)
        {
            var filled = await lab.Fill(text);
            if (text.StartsWith("#!", StringComparison.Ordinal))
                lab._directory.WriteExecutable(name, filled);
            else
                lab._directory.Write(name, filled);
        }
        var kubeconfig = row
            .Text.Replace("<cluster>", row.Cluster, StringComparison.Ordinal)
            .Replace("<user>", row.User, StringComparison.Ordinal);
        if (row.IsNamed)
        {
            await File.WriteAllBytesAsync(
                lab.Kubeconfig,
                row.Encode(await lab.Fill(kubeconfig)),
                TestContext.Current.CancellationToken
            );
        }

        lab._directory.Write("hosts", $"127.0.0.1 localhost {string.Join(' ', row.Hosts)}\n::1 localhost\n");
        return lab;
    }

    /// <summary>
    /// Replaces <c>&lt;url:SERVER&gt;</c>, <c>&lt;url6:SERVER&gt;</c>, <c>&lt;port:SERVER&gt;</c>,
    /// <c>&lt;proxy-port:KIND&gt;</c>, <c>&lt;file:PEM&gt;</c> (its absolute path), <c>&lt;name:PEM&gt;</c> (relative
    /// to the kubeconfig), <c>&lt;data:PEM&gt;</c> (base64), <c>&lt;pem:PEM&gt;</c> (the text) and <c>&lt;dir&gt;</c>.
    /// </summary>
    public async Task<string> Fill(string text)
    {
        foreach (
            var place in Placeholder()
                .Matches(text)
                .Select(m => (m.Value, Kind: m.Groups[1].Value, Name: m.Groups[2].Value))
                .Distinct()
        )
        {
            text = text.Replace(place.Value, await Value(place.Kind, place.Name), StringComparison.Ordinal);
        }

        return text;
    }

    /// <summary>What servers and proxies have noted since the last call: each line once, without an order.</summary>
    public SortedSet<string> TakeRecord()
    {
        var lines = new SortedSet<string>(_record, StringComparer.Ordinal);
        _record.Clear();
        return lines;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var proxy in _proxies.Values)
            await proxy.DisposeAsync();
        foreach (var server in _servers.Values)
            await server.DisposeAsync();
        _directory.Dispose();
    }

    private async Task<string> Value(string kind, string name) =>
        kind switch
        {
            "dir" => Directory,
            "url" => $"{(name == "plain" ? "http" : "https")}://127.0.0.1:{await Value("port", name)}",
            "url6" => $"https://[::1]:{await Value("port6", name)}",
            "port" => (await Port(name, IPAddress.Loopback)).ToString(CultureInfo.InvariantCulture),
            "port6" => (await Port(name, IPAddress.IPv6Loopback)).ToString(CultureInfo.InvariantCulture),
            "proxy-port" => ProxyPort(name).ToString(CultureInfo.InvariantCulture),
            "file" => _directory.Write(name, Pki.Pem(name)),
            "name" => Path.GetFileName(_directory.Write(name, Pki.Pem(name))),
            "pem" => Pki.Pem(name),
            "data" => Convert.ToBase64String(Encoding.UTF8.GetBytes(Pki.Pem(name))),
            _ => throw new ArgumentException($"Row {_row.Name}: <{kind}:{name}> is not a placeholder."),
        };

    private async Task<int> Port(string server, IPAddress address)
    {
        var key = $"{server} {address}";
        if (!_servers.TryGetValue(key, out var started))
            _servers[key] = started = await RecordingServer.Start(server, address, _record);
        return started.Port;
    }

    private int ProxyPort(string kind)
    {
        if (!_proxies.TryGetValue(kind, out var started))
            _proxies[kind] = started = new RecordingProxy(kind, _record);
        return started.Port;
    }

    [GeneratedRegex("<([a-z0-9-]+)(?::([a-z0-9.-]+))?>")]
    private static partial Regex Placeholder();
}
