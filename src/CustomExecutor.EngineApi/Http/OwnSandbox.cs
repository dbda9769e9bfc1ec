using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CustomExecutor.EngineApi.Http;

/// <summary>
/// Refuses connections from other sandboxes. All jobs of a host have the same user, and Landlock restricts sockets with
/// a path since Linux 7.1 only. But since 5.13 it lets a process look into processes of its own sandbox alone (the
/// kernel's <c>ptrace_may_access</c>, which guards <c>/proc/PID/exe</c>).
/// </summary>
internal static class OwnSandbox
{
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;

    /// <summary>The size of <c>struct ucred</c>: pid, uid, gid.</summary>
    private const int CredentialsSize = 12;

    /// <summary>Closes each connection of another sandbox before a byte of it is read.</summary>
    public static void Require(ListenOptions options) =>
        options.Use(next =>
            connection =>
            {
                if (connection.Features.Get<IConnectionSocketFeature>() is { } its && Has(PeerOf(its.Socket)))
                    return next(connection);
                connection.Abort(new ConnectionAbortedException("The client is in another sandbox."));
                return Task.CompletedTask;
            }
        );

    private static int PeerOf(Socket socket)
    {
        Span<byte> credentials = stackalloc byte[CredentialsSize];
        socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials);
        return BitConverter.ToInt32(credentials);
    }

    private static bool Has(int process)
    {
        try
        {
            return File.ResolveLinkTarget($"/proc/{process}/exe", returnFinalTarget: false) is not null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
