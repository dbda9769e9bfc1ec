using CustomExecutor.Host.Native;

namespace CustomExecutor.Host;

/// <summary>
/// .NET reads every file of the host's CA directory before the first TLS handshake, whether or not the connection
/// trusts them: 60 of a stage's 80 ms. Where all peers have a CA of their own, it is pointed at nothing.
/// </summary>
internal static class SystemTrustStore
{
    /// <summary>
    /// Must come before the first TLS use. The native environment is set, since OpenSSL's shim reads that one; .NET's
    /// own copy stays as it was, so child processes (a kubeconfig's exec plugin, the job's script) are not concerned.
    /// </summary>
    public static void Skip()
    {
        // Taken before the change: .NET copies the environment when it is first asked for.
        _ = Environment.GetEnvironmentVariables();
        _ = ChildProcessNative.SetEnvironment("SSL_CERT_DIR", "/nonexistent", 1);
        _ = ChildProcessNative.SetEnvironment("SSL_CERT_FILE", "/nonexistent", 1);
    }
}
