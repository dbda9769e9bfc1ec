using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CustomExecutor.EngineApi.Tests.Parts;

/// <summary>A token service as GitLab's: it signs what a login may do, and notes what it was asked for.</summary>
internal sealed class TokenServer : IAsyncDisposable
{
    private readonly RSA _key = RSA.Create(2048);
    private readonly X509Certificate2 _certificate;
    private readonly WebApplication _app;

    private TokenServer()
    {
        var request = new CertificateRequest("CN=spec", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
        _app = LoopbackServer.Create(Answer);
    }

    /// <summary>The scopes that were asked for.</summary>
    public List<string> Scopes { get; } = [];

    /// <summary>Whether tokens allow what was asked for.</summary>
    public bool Grants { get; set; } = true;

    public string Realm => $"{LoopbackServer.AddressOf(_app)}/jwt/auth?keep=1";

    public string Certificate => _certificate.ExportCertificatePem();

    public static async Task<TokenServer> Start()
    {
        var server = new TokenServer();
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _certificate.Dispose();
        _key.Dispose();
    }

    private async Task Answer(HttpContext context)
    {
        var basic = Convert.ToBase64String(
            Encoding.UTF8.GetBytes($"{RealRegistry.Login.Username}:{RealRegistry.Login.Password}")
        );
        var isKnown =
            context.Request.Headers.Authorization.ToString() == $"Basic {basic}"
            && context.Request.Query["keep"] == "1";
        context.Response.StatusCode = isKnown ? 200 : 401;
        if (!isKnown)
            return;
        lock (Scopes)
            Scopes.AddRange(context.Request.Query["scope"].OfType<string>());
        var access = context
            .Request.Query["scope"]
            .OfType<string>()
            .Select(scope => scope.Split(':'))
            .Select(parts =>
                (JsonNode)
                    new JsonObject
                    {
                        ["type"] = parts[0],
                        ["name"] = parts[1],
                        ["actions"] = new JsonArray([
                            .. parts[2].Split(',').Where(_ => Grants).Select(action => (JsonNode)action),
                        ]),
                    }
            );
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = "spec",
            ["aud"] = context.Request.Query["service"].ToString(),
            ["sub"] = "spec",
            ["exp"] = now + 300,
            ["nbf"] = now - 60,
            ["iat"] = now,
            ["jti"] = Guid.NewGuid().ToString(),
            ["access"] = new JsonArray([.. access]),
        };
        await context.Response.WriteAsync(new JsonObject { ["token"] = Sign(claims) }.ToJsonString());
    }

    private string Sign(JsonObject claims)
    {
        var header = new JsonObject
        {
            ["typ"] = "JWT",
            ["alg"] = "RS256",
            ["x5c"] = new JsonArray(Convert.ToBase64String(_certificate.RawData)),
        };
        var text = $"{Encode(header)}.{Encode(claims)}";
        var signature = _key.SignData(
            Encoding.ASCII.GetBytes(text),
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        return $"{text}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Encode(JsonObject part) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));
}
