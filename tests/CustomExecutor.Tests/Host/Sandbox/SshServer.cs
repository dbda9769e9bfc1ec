using System.Diagnostics;
using System.Globalization;
using System.Net;
using CliWrap;
using CustomExecutor.Testing.Servers;

namespace CustomExecutor.Tests.Host.Sandbox;

/// <summary>OpenSSH's server on a port of this machine, for this user with one key; and a git repository to clone from
/// it.</summary>
public sealed class SshServer : IAsyncLifetime
{
    private const string Program = "/usr/sbin/sshd";

    private readonly TemporaryDirectory _directory = new();
    private Process? _server;

    /// <summary>Why there is none here; null where there is.</summary>
    public static string? Obstacle { get; } =
        File.Exists(Program) ? null : $"{Program} is not installed (Debian's package openssh-server has it).";

    public int Port { get; } = FreePort.On(IPAddress.Loopback);

    public static string User => Environment.UserName;

    /// <summary>The private key that the server accepts, as text.</summary>
    public string Key => File.ReadAllText(Path.Join(_directory.Path, "key"));

    /// <summary>The server's line for <c>known_hosts</c>.</summary>
    public string KnownHost =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"[127.0.0.1]:{Port} {File.ReadAllText(Path.Join(_directory.Path, "host.pub"))}"
        );

    public string Repository => Path.Join(_directory.Path, "repository.git");

    public async ValueTask InitializeAsync()
    {
        if (Obstacle is not null)
            return;
        foreach (var name in (string[])["key", "host"])
            await Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", Path.Join(_directory.Path, name));
        await Run("git", "init", "-q", "--bare", Repository);
        // sshd of root wants its directory for privilege separation.
        if (User == "root")
            Directory.CreateDirectory("/run/sshd");
        var config = _directory.Write(
            "sshd_config",
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                Port {Port}
                ListenAddress 127.0.0.1
                HostKey {_directory.Path}/host
                AuthorizedKeysFile {_directory.Path}/key.pub
                StrictModes no
                PasswordAuthentication no
                PermitRootLogin yes
                PidFile none
                Subsystem sftp internal-sftp

                """
            )
        );
        _server = Process.Start(
            new ProcessStartInfo(Program, ["-D", "-e", "-f", config]) { RedirectStandardError = true }
        )!;
        var listens = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { } text && text.Contains("Server listening", StringComparison.Ordinal))
                listens.TrySetResult();
        };
        _server.BeginErrorReadLine();
        await listens.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            _server.Kill();
            await _server.WaitForExitAsync();
            _server.Dispose();
        }

        _directory.Dispose();
    }

    private static async Task Run(string program, params string[] arguments) =>
        await Cli.Wrap(program).WithArguments(arguments).ExecuteAsync(TestContext.Current.CancellationToken);
}
