using System.Net;
using System.Net.Sockets;
using System.Text;
using CustomExecutor.Core.Builder;
using CustomExecutor.Host.Processes;

namespace CustomExecutor.Testing.Cluster;

/// <summary>
/// A real buildkitd with the files of a builder's secret, on a loopback address of its own. It runs as this test does,
/// with a runtime that can't run steps: what is tested here is who is let in.
/// </summary>
internal sealed class BuildkitDaemon : IAsyncDisposable
{
    /// <summary>Each process begins elsewhere: other tests may run on this machine.</summary>
    private static int _lastAddress = Environment.ProcessId % (1 << 14) << 8;

    private readonly TemporaryDirectory _directory = new();
    private readonly ChildProcessPipe _output = new();
    private readonly ChildProcess _process;
    private readonly Task<string> _log;

    private BuildkitDaemon(IPAddress address, IReadOnlyDictionary<string, string> files)
    {
        Address = address;
        foreach (var (name, text) in files)
            _directory.Write(name, text);
        var runtime = _directory.WriteExecutable("runc", "#!/bin/sh\nexit 1\n");
        string File(string name) => Path.Combine(_directory.Path, name);
        _process = ChildProcess.Start(
            new ChildProcessStart(
                TestCluster.Buildkitd,
                [
                    "--root",
                    File("root"),
                    "--otel-socket-path",
                    File("otel.sock"),
                    "--addr",
                    $"tcp://{address}:{BuilderSpec.Port}",
                    "--tlscacert",
                    File(SecretManifest.Ca),
                    "--tlscert",
                    File(SecretManifest.Certificate),
                    "--tlskey",
                    File(SecretManifest.Key),
                    "--config",
                    File(SecretManifest.Toml),
                    "--containerd-worker=false",
                    "--oci-worker=true",
                    "--oci-worker-binary",
                    runtime,
                    "--oci-worker-net=host",
                    "--oci-worker-snapshotter=native",
                ],
                new Dictionary<string, string>
                {
                    ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "",
                    ["TMPDIR"] = _directory.Path,
                }
            )
            {
                NewProcessGroup = true,
                StandardOutput = _output.Writer,
                StandardError = _output.Writer,
            }
        );
        _output.CloseWriter();
        _log = new StreamReader(_output.Reader, Encoding.UTF8).ReadToEndAsync();
    }

    public IPAddress Address { get; }

    /// <summary>Starts it; it listens a moment later, as in a pod.</summary>
    public static BuildkitDaemon Start(IPAddress address, IReadOnlyDictionary<string, string> files) =>
        new(address, files);

    /// <summary>Starts it with a job's certificates.</summary>
    public static BuildkitDaemon Start(ServerCredentials credentials) =>
        new(
            FreshAddress(),
            new Dictionary<string, string>
            {
                [SecretManifest.Ca] = credentials.Ca,
                [SecretManifest.Certificate] = credentials.Certificate,
                [SecretManifest.Key] = credentials.Key,
                [SecretManifest.Toml] = "",
            }
        );

    /// <summary>An address of this machine that nothing else uses: all of 127.0.0.0/8 is loopback.</summary>
    public static IPAddress FreshAddress()
    {
        while (true)
        {
            var number = Interlocked.Increment(ref _lastAddress);
            var address = new IPAddress([127, (byte)(64 + ((number >> 16) % 64)), (byte)(number >> 8), (byte)number]);
            if (IsFree(address))
                return address;
        }
    }

    private static bool IsFree(IPAddress address)
    {
        try
        {
            using var listener = new TcpListener(address, BuilderSpec.Port);
            listener.Start();
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process.Exit.IsCompleted)
            TestContext.Current.AddWarning($"buildkitd ended by itself: {await _log}");
        _process.SignalGroup(ChildProcessSignal.Kill);
        await _process.Exit;
        await _log;
        _process.Dispose();
        _output.Dispose();
        _directory.Dispose();
    }
}
