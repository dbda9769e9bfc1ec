using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using CustomExecutor.Core.Runner;
using CustomExecutor.Host.Processes;
using CustomExecutor.Testing.Servers;

namespace CustomExecutor.EndToEnd;

/// <summary>A registry that asks for a login, as a project's registry does, and a settings file whose builders find
/// it.</summary>
internal sealed class RegistryWithLogin : IDisposable
{
    /// <summary>The bcrypt hash of <see cref="Login"/>'s password.</summary>
    private const string PasswordHash = "$2b$05$abcdefghijklmnopqrstuuglZlSKrGyz/9hohY9NHnjZbhMP.rtAC";

    private readonly TemporaryDirectory _files = new();
    private readonly ChildProcess _registry;
    private readonly bool _isSecure;

    private RegistryWithLogin(string like, TestAuthority? authority)
    {
        _isSecure = authority is not null;
        var host = Node.Registry.Split(':')[0];
        Address = $"{host}:{FreePort.On(IPAddress.Parse(host))}";
        var passwords = _files.Write("htpasswd", $"{Login.Username}:{PasswordHash}\n");
        var configuration = _files.Write(
            "registry.yml",
            $"""
            version: 0.1
            log: {"{level: error}"}
            storage: {"{"}filesystem: {"{"}rootdirectory: {_files.Path}/data{"}}"}
            http: {"{"}addr: "{Address}", secret: local{Tls(host, authority)}{"}"}
            auth: {"{"}htpasswd: {"{"}realm: spec, path: {passwords}{"}}"}

            """
        );
        using var log = File.OpenHandle(Path.Join(_files.Path, "registry.log"), FileMode.Create, FileAccess.Write);
        _registry = ChildProcess.Start(
            new ChildProcessStart(
                "docker-registry",
                ["serve", configuration],
                new Dictionary<string, string> { ["OTEL_TRACES_EXPORTER"] = "none" }
            )
            {
                StandardOutput = log,
                StandardError = log,
            }
        );
        Settings = WriteSettings(like);
    }

    /// <summary>What GitLab would send with the job.</summary>
    public JobCredentials Credentials => new("registry", Address, Login.Username, Login.Password);

    public static (string Username, string Password) Login => ("gitlab-ci-token", "glcbt-example-of-a-job-token");

    /// <summary>HOST:PORT.</summary>
    public string Address { get; }

    /// <summary>The settings file.</summary>
    public string Settings { get; }

    /// <summary>Starts it and waits until it answers.</summary>
    /// <param name="like">The settings file that <see cref="Settings"/> is made from; null for scripts on the
    /// host.</param>
    /// <param name="authority">Who has signed its certificate; null for plain HTTP.</param>
    public static async Task<RegistryWithLogin> Start(string? like = null, TestAuthority? authority = null)
    {
        var registry = new RegistryWithLogin(like ?? Node.AdminFile, authority);
        await Eventually.True(registry.Answers, "the registry asks for a login");
        return registry;
    }

    private async Task<bool> Answers()
    {
        using var client = Client();
        try
        {
            return (
                    await client.GetAsync(new Uri("/v2/", UriKind.Relative), TestContext.Current.CancellationToken)
                ).StatusCode == HttpStatusCode.Unauthorized;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>The tags of a repository, asked for with the login.</summary>
    public async Task<string> Tags(string repository)
    {
        using var client = Client();
        client.DefaultRequestHeaders.Authorization = new(
            "Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Login.Username}:{Login.Password}"))
        );
        return await client.GetStringAsync(
            new Uri($"/v2/{repository}/tags/list", UriKind.Relative),
            TestContext.Current.CancellationToken
        );
    }

    public void Dispose()
    {
        _registry.Signal(ChildProcessSignal.Kill);
        _registry.Exit.Wait();
        _registry.Dispose();
        _files.Dispose();
    }

    /// <summary>Whose certificate it has is for the jobs to ask.</summary>
    private HttpClient Client() =>
        new(
            new HttpClientHandler
            {
                ServerCertificateCustomValidationCallback =
                    HttpClientHandler.DangerousAcceptAnyServerCertificateValidator,
            }
        )
        {
            BaseAddress = new Uri($"{(_isSecure ? "https" : "http")}://{Address}"),
        };

    private string Tls(string host, TestAuthority? authority)
    {
        if (authority is null)
            return "";
        using var certificate = authority.Server(host);
        using var key = certificate.GetECDsaPrivateKey()!;
        var certificateFile = _files.Write("tls.crt", certificate.ExportCertificatePem() + "\n");
        var keyFile = _files.Write("tls.key", key.ExportPkcs8PrivateKeyPem() + "\n");
        return $", tls: {{certificate: {certificateFile}, key: {keyFile}}}";
    }

    private string WriteSettings(string like)
    {
        var settings = JsonNode.Parse(File.ReadAllText(like))!;
        var toml =
            File.ReadAllText(Node.Settings.Builder.BuildkitdConfig!)
            + $"\n[registry.\"{Address}\"]\n  http = {(_isSecure ? "false" : "true")}\n  insecure = true\n";
        settings["builder"]!["buildkitdConfig"] = _files.Write("buildkitd.toml", toml);
        return _files.Write("settings.json", settings.ToJsonString());
    }
}
