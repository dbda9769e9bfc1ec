using CustomExecutor.Host.Native;

namespace CustomExecutor.Host;

/// <summary>
/// .NET reads every file of the host's CA directory before the first TLS handshake, even if the connection does not use
/// them: 60 of a stage's 80 ms. If all peers have their own CA, .NET gets an empty directory instead.
/// </summary>
internal static class SystemTrustStore
{
    /// <summary>
    /// Must be called before the first use of TLS. This sets the native environment, which OpenSSL's shim reads. .NET's
    /// copy does not change, so child processes (a kubeconfig's exec plugin, the job's script) are not affected.
    /// </summary>
    public static void Skip()
    {
        // Before the change: .NET copies the environment at its first use.
        _ = Environment.GetEnvironmentVariables();
        _ = ChildProcessNative.SetEnvironment("SSL_CERT_DIR", "/nonexistent", 1);
        _ = ChildProcessNative.SetEnvironment("SSL_CERT_FILE", "/nonexistent", 1);
    }
}
