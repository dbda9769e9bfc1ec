using CustomExecutor.Core.Kubernetes.Kubeconfig;
using CustomExecutor.Kubernetes.Credentials;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace CustomExecutor.Tests.Kubernetes.Credentials;

/// <summary>A real plugin, a script, with a directory in which it notes what it was given.</summary>
internal sealed class PluginBench : ILogEventSink, IDisposable
{
    public const string V1 = "client.authentication.k8s.io/v1";

    private readonly TemporaryDirectory _directory = new();
    private readonly List<IDisposable> _opened = [];
    private readonly List<string> _logged = [];

    public string Directory => _directory.Path;

    /// <summary>What the admin's log has.</summary>
    public string Log => string.Join('\n', _logged);

    /// <summary>How often the plugin was called.</summary>
    public int Calls => File.Exists(Note("calls")) ? File.ReadAllLines(Note("calls")).Length : 0;

    /// <summary>A line of shell that prints a credential.</summary>
    public static string Prints(string status) =>
        $$"""echo '{"kind":"ExecCredential","apiVersion":"{{V1}}","status":{{status}}}'""";

    /// <summary>What the plugin wrote into a file beside it.</summary>
    public string Note(string name) => Path.Combine(Directory, name);

    /// <summary>The credentials of a plugin that runs this script. <c>$D</c> is the bench's directory.</summary>
    public IClusterCredentials Runs(string script, Func<ExecPlugin, ExecPlugin>? change = null)
    {
        var path = _directory.WriteExecutable(
            "plugin",
            $"#!/bin/bash\nD='{Directory}'\necho called >> $D/calls\n{script}\n"
        );
        return Opens(path, change);
    }

    /// <summary>The credentials of a plugin.</summary>
    public IClusterCredentials Opens(string command, Func<ExecPlugin, ExecPlugin>? change = null)
    {
        var plugin = new ExecPlugin
        {
            ApiVersion = V1,
            Command = command,
            InteractiveMode = "Never",
        };
        plugin = change?.Invoke(plugin) ?? plugin;
        var connection = new ClusterConnection
        {
            Origin = "context \"c\" of /etc/k",
            Server = new Uri("https://x"),
            User = new ClusterUser { Exec = plugin },
            Files = [],
        };
        var credentials = ClusterCredentials.Of(
            connection,
            () => connection,
            TimeProvider.System,
            new LoggerConfiguration().WriteTo.Sink(this).CreateLogger()
        );
        _opened.Add(credentials);
        return credentials;
    }

    public void Emit(LogEvent logEvent)
    {
        lock (_logged)
            _logged.Add(logEvent.RenderMessage(System.Globalization.CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        foreach (var credentials in _opened)
            credentials.Dispose();
        _directory.Dispose();
    }
}
