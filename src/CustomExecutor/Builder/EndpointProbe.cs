using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using CustomExecutor.Core;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Builder.Diagnosis;

namespace CustomExecutor.Builder;

/// <summary>Reaches a builder as the job's buildx will: buildx itself waits 20 s and then tells no cause.</summary>
internal sealed class EndpointProbe(BuilderEndpoint endpoint, JobCertificates certificates, TimeProvider time)
{
    /// <summary>Enough for any pod network; a packet that is dropped on the way is told as such instead of waited
    /// for.</summary>
    private static readonly TimeSpan TryTimeout = TimeSpan.FromSeconds(2);

    private const string Connecting = "connecting";

    private readonly X509ChainPolicy _trust = new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { certificates.Ca },
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };

    // Made offline: the chain would else be completed from the network.
    private readonly SslStreamCertificateContext _client = SslStreamCertificateContext.Create(
        certificates.Client,
        null,
        offline: true
    );

    /// <summary>One try: TCP, TLS with the client certificate, and the server's first bytes.</summary>
    /// <param name="cancel">Ends the try and throws.</param>
    public async Task<ConnectionTry> Try(CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(TryTimeout, time);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        var step = Connecting;
        try
        {
            using var socket = new Socket(endpoint.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            {
                NoDelay = true,
            };
            await socket.ConnectAsync(endpoint.Address, BuilderSpec.Port, bound.Token);
            step = "TLS handshake";
            await using var tls = new SslStream(new NetworkStream(socket));
            await tls.AuthenticateAsClientAsync(Options(), bound.Token);
            // In TLS 1.3 the client is done before the server has looked at its certificate: a refusal comes in place
            // of HTTP/2's first bytes.
            step = "first bytes";
            var first = new byte[9];
            await tls.ReadExactlyAsync(first, bound.Token);
            const int frameType = 3,
                settingsFrame = 4;
            return first[frameType] == settingsFrame
                ? new ConnectionTry(true, true)
                : new ConnectionTry(false, true, "what answers there does not speak HTTP/2");
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException)
        {
            return new ConnectionTry(
                false,
                step != Connecting,
                $"{step}: {DisplayText.Of(e.GetBaseException().Message)}"
            );
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new ConnectionTry(
                false,
                step != Connecting,
                $"{step}: no answer within {TryTimeout.TotalSeconds:0} s"
            );
        }
    }

    /// <summary>ALPN is offered and not insisted on: buildkitd before 0.20 negotiates none.</summary>
    private SslClientAuthenticationOptions Options() =>
        new()
        {
            TargetHost = endpoint.ServerName,
            ClientCertificateContext = _client,
            CertificateChainPolicy = _trust,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        };
}
