using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace CustomExecutor.Tests.Host.Sandbox;

/// <summary>What another job of the same user has on this host: a file, a process, an abstract socket.</summary>
internal sealed class OtherJob : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Process _process = Process.Start("sleep", "600");
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string _name = $"custom-executor-spec-{Guid.NewGuid():N}";
    private readonly string _file;

    public OtherJob()
    {
        _file = _directory.Write("file", "precious");
        _socket.Bind(new UnixDomainSocketEndPoint($"\0{_name}"));
        _socket.Listen();
    }

    /// <summary>bash text that tries to get at each and says a word for what it managed; and whether it can move a file
    /// between directories of its own.</summary>
    public string Attempts =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            cat {{_file}} > /dev/null 2>&1 && echo reads
            perl -e 'exit(truncate($ARGV[0], 3) ? 0 : 1)' {{_file}} && echo truncates
            kill -0 {{_process.Id}} 2> /dev/null && echo signals
            perl -e 'use Socket; socket(S, AF_UNIX, SOCK_STREAM, 0); exit(connect(S, pack("S a*", AF_UNIX, "\0" . $ARGV[0])) ? 0 : 1)' {{_name}} && echo connects
            mkdir -p a b; touch a/x; perl -e 'exit(rename("a/x", "b/x") ? 0 : 1)' && echo renames
            true

            """
        );

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
        _socket.Dispose();
        _directory.Dispose();
    }
}
