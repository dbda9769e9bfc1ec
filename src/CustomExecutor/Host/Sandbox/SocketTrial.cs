using System.Runtime.InteropServices;
using System.Text;
using CustomExecutor.Core.Sandbox;
using CustomExecutor.Host.Native;
using static CustomExecutor.Host.Native.SocketNative;

namespace CustomExecutor.Host.Sandbox;

/// <summary>Tests which unix sockets a confined thread can connect to.</summary>
/// <remarks>
/// The kernel looks at the path's permissions before it compares the types of the two sockets (unix_find_bsd in
/// net/unix/af_unix.c). So the test uses a datagram socket, which does not call or start any service (systemd starts
/// some at the first connection). If Landlock restricts sockets, it checks after the types: then the test uses a stream
/// socket, which Landlock refuses before a service sees it.
/// </remarks>
internal sealed unsafe class SocketTrial
{
    private readonly int _type;
    private readonly string[] _paths;
    private readonly byte[][] _addresses;
    private readonly bool[] _reached;

    /// <param name="rights">The kernel's Landlock rights.</param>
    /// <param name="paths">The sockets' paths.</param>
    public SocketTrial(LandlockRights rights, IEnumerable<string> paths)
    {
        _type = rights.Abi >= LandlockRights.SocketAbi ? StreamType : DatagramType;
        _paths = [.. paths.Where(path => Encoding.UTF8.GetByteCount(path) < AddressSize - 2)];
        _addresses = [.. _paths.Select(Address)];
        _reached = new bool[_paths.Length];
    }

    /// <summary>The reachable sockets, after the test.</summary>
    public IReadOnlyList<string> Reached => [.. _paths.Where((_, i) => _reached[i])];

    /// <summary>Runs the test. Called on the confined thread, so it does not allocate memory.</summary>
    public void Try()
    {
        var socket = Socket(UnixFamily, _type | CloseOnExec, 0);
        for (var i = 0; i < _addresses.Length && socket >= 0; i++)
        {
            fixed (byte* address = _addresses[i])
                _reached[i] = Connect(socket, address, AddressSize) == 0 || Marshal.GetLastPInvokeError() == OtherType;
            if (!_reached[i] || _type == DatagramType)
                continue;
            _ = FileCalls.Close(socket);
            socket = Socket(UnixFamily, _type | CloseOnExec, 0);
        }

        if (socket >= 0)
            _ = FileCalls.Close(socket);
    }

    private static byte[] Address(string path)
    {
        var address = new byte[AddressSize];
        BitConverter.TryWriteBytes(address, (ushort)UnixFamily);
        Encoding.UTF8.GetBytes(path, address.AsSpan(2));
        return address;
    }
}
