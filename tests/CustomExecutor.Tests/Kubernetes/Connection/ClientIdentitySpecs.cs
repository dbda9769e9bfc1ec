using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using CustomExecutor.Core.Kubernetes.Kubeconfig;
using CustomExecutor.Kubernetes;
using CustomExecutor.Kubernetes.Credentials;
using CustomExecutor.Testing.Servers;
using Microsoft.AspNetCore.Http;

namespace CustomExecutor.Tests.Kubernetes.Connection;

/// <summary>As whom the API server is asked, and what of that comes back.</summary>
public sealed class ClientIdentitySpecs : IAsyncLifetime
{
    private static readonly TestAuthority Ca = TestAuthority.Root();
    private static readonly TestAuthority ClientCa = TestAuthority.Root("clients").Intermediate("client-ca");

    private ConnectedServer _server = null!;

    private ClusterConnection Connection => Api.At($"https://127.0.0.1:{_server.Port}", Ca);

    public async ValueTask InitializeAsync() =>
        _server = await ConnectedServer.Start(Ca.Server("127.0.0.1", "localhost"));

    [Fact]
    public async Task A_request_says_who_the_driver_is()
    {
        (await Api.Ask(Connection, TestCredentials.Token("tok"))).Should().Be("v1.36");

        var request = _server.Requests.Single();
        request.Should().Match<SeenRequest>(r => r.Protocol == "HTTP/2" && r.Path == "/version/" && r.Client == null);
        request.Headers["Authorization"].Should().Be("Bearer tok");
        request.Headers["User-Agent"].Should().StartWith("custom-executor/");
        request.Headers.Keys.Should().NotContain(k => k.StartsWith("Impersonate", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData(false, "gzip")]
    [InlineData(true, null)]
    public async Task Compression_can_be_switched_off(bool disabled, string? encoding)
    {
        await Api.Ask(Connection with { DisableCompression = disabled });

        _server.Requests.Single().Headers.GetValueOrDefault("Accept-Encoding").Should().Be(encoding);
    }

    [Theory]
    [InlineData("", "/version/")]
    [InlineData("/", "/version/")]
    [InlineData("/k8s/clusters/c-1", "/k8s/clusters/c-1/version/")]
    [InlineData("/k8s/clusters/c-1/", "/k8s/clusters/c-1/version/")]
    [InlineData("/a%2Fb", "/a%2Fb/version/")]
    public async Task A_servers_path_comes_before_every_requests(string path, string asked)
    {
        (await Api.Ask(Connection with { Server = new Uri($"https://127.0.0.1:{_server.Port}{path}") }))
            .Should()
            .Be("v1.36");

        _server.Requests.Single().Path.Should().Be(asked);
    }

    [Fact]
    public async Task A_client_certificate_is_shown()
    {
        var certificate = ClientCa.Client("driver");

        (
            await Api.Ask(
                Connection,
                new TestCredentials(new ClusterCredential(null, [certificate, ClientCa.Certificate]))
            )
        )
            .Should()
            .Be("v1.36");

        _server.Requests.Single().Client.Should().Be("CN=driver");
    }

    [Fact]
    public async Task After_a_401_new_credentials_are_shown_once()
    {
        _server.Answers = Refusing("Bearer old");
        var credentials = new TestCredentials(Bearer("old"), Bearer("new"));

        (await Api.Ask(Connection, credentials)).Should().Be("v1.36");

        _server.Requests.Select(r => r.Headers["Authorization"]).Should().Equal("Bearer old", "Bearer new");
        credentials.Renewals.Should().Be(1);
    }

    [Fact]
    public async Task A_401_that_new_credentials_do_not_change_is_final()
    {
        _server.Answers = Refusing("Bearer old", "Bearer new");
        var credentials = new TestCredentials(Bearer("old"), Bearer("new"), Bearer("newer"));

        (await Api.Ask(Connection, credentials)).Should().Contain("refused to ask for its version: 401 ");

        _server.Requests.Should().HaveCount(2);
    }

    [Fact]
    public async Task A_401_without_other_credentials_is_sent_once()
    {
        _server.Answers = Refusing("Bearer old");

        await Api.Ask(Connection, new TestCredentials(Bearer("old")));

        _server.Requests.Should().ContainSingle();
    }

    [Fact]
    public async Task A_new_client_certificate_gets_a_new_connection()
    {
        _server.Answers = async context =>
        {
            if ((await context.Connection.GetClientCertificateAsync())?.Subject != "CN=old")
                return false;
            context.Response.StatusCode = 401;
            return true;
        };
        var credentials = new TestCredentials(
            new ClusterCredential(null, [ClientCa.Client("old")]),
            new ClusterCredential(null, [ClientCa.Client("new")])
        );

        (await Api.Ask(Connection, credentials)).Should().Be("v1.36");

        _server.Requests.Select(r => r.Client).Should().Equal("CN=old", "CN=new");
    }

    [Fact]
    public async Task Somebody_is_impersonated_by_headers()
    {
        var impersonation = new Impersonation(
            "jane grün",
            "42",
            ["dev", "ops"],
            new Dictionary<string, IReadOnlyList<string>> { ["example.com/tenant"] = ["a", "b"] }
        );
        _server.Answers = Refusing("Bearer old");

        (await Api.Ask(Impersonating(impersonation), new TestCredentials(Bearer("old"), Bearer("new"))))
            .Should()
            .Be("v1.36");

        _server
            .Requests.Should()
            .HaveCount(2)
            .And.AllSatisfy(request =>
            {
                request.Headers["Impersonate-User"].Should().Be("jane grün");
                request.Headers["Impersonate-Uid"].Should().Be("42");
                request.Headers["Impersonate-Group"].Replace(" ", "", StringComparison.Ordinal).Should().Be("dev,ops");
                request
                    .Headers["Impersonate-Extra-example.com%2Ftenant"]
                    .Replace(" ", "", StringComparison.Ordinal)
                    .Should()
                    .Be("a,b");
            });
    }

    [Theory]
    [InlineData("jane\r\nX-Other: y")]
    [InlineData("jane\n")]
    public async Task Whom_a_header_cannot_name_is_never_left_out(string user)
    {
        var asking = await Api.Ask(
            Impersonating(new Impersonation(user, null, [], new Dictionary<string, IReadOnlyList<string>>()))
        );

        asking.Should().Contain("Impersonate-User").And.Contain("/etc/kubeconfig");
        _server.Requests.Should().BeEmpty();
    }

    [Theory]
    [InlineData("Bearer", "a-secret-token")]
    [InlineData("Basic", "dXNlcjphLXNlY3JldC1wYXNzd29yZA==")]
    public async Task What_was_sent_is_masked_in_a_refusal(string scheme, string parameter)
    {
        _server.Answers = async context =>
        {
            context.Response.StatusCode = 403;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsJsonAsync(
                new
                {
                    kind = "Status",
                    message = $"got {context.Request.Headers.Authorization} with a-secret-password",
                    reason = "Forbidden",
                }
            );
            return true;
        };

        var sentence = await Api.Ask(
            Connection,
            new TestCredentials(new ClusterCredential(new AuthenticationHeaderValue(scheme, parameter), null))
        );

        sentence.Should().Contain($"403 got {scheme} [MASKED] with ").And.NotContain(parameter);
        if (scheme == "Basic")
            sentence.Should().NotContain("a-secret-password");
    }

    [Theory]
    [InlineData(401, "text/html", "<html>a-secret")]
    [InlineData(403, "application/json", """{"error":"a-secret"}""")]
    [InlineData(404, "text/plain", "a-secret")]
    [InlineData(500, "application/json", "\"a-secret\"")]
    public async Task A_body_that_is_not_Kubernetes_is_not_shown(int status, string type, string body)
    {
        _server.Answers = async context =>
        {
            (context.Response.StatusCode, context.Response.ContentType) = (status, type);
            await context.Response.WriteAsync(body);
            return true;
        };

        (await Api.Ask(Connection))
            .Should()
            .Contain($": {status} ")
            .And.Contain("(the answer has no Kubernetes status)")
            .And.NotContain("a-secret");
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    public async Task A_redirect_is_not_followed(int status)
    {
        await using var other = await ConnectedServer.Start(Ca.Server("127.0.0.1"));
        _server.Answers = context =>
        {
            (context.Response.StatusCode, context.Response.Headers.Location) = (
                status,
                $"https://127.0.0.1:{other.Port}/version"
            );
            return Task.FromResult(true);
        };

        (await Api.Ask(Connection, TestCredentials.Token("tok")))
            .Should()
            .Contain($": {status} ")
            .And.Contain("redirects to another one");
        other.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task A_server_of_HTTP_1_1_is_asked_again_and_again()
    {
        using var client = Api.Open(Connection);
        (
            await client.HttpClient.SendAsync(
                new HttpRequestMessage(HttpMethod.Get, new Uri(client.BaseUri, "x"))
                {
                    Version = HttpVersion.Version11,
                },
                TestContext.Current.CancellationToken
            )
        )
            .StatusCode.Should()
            .Be(HttpStatusCode.OK);

        (await Api.Ask(client)).Should().Be("v1.36");

        _server.Requests.Select(r => r.Protocol).Should().Equal("HTTP/1.1", "HTTP/2");
    }

    [Fact]
    public async Task A_web_socket_has_the_same_identity()
    {
        using var client = Api.Open(
            Impersonating(new Impersonation("jane", null, [], new Dictionary<string, IReadOnlyList<string>>())),
            TestCredentials.Token("tok")
        );
        // The calls before have agreed on HTTP/2, which the socket is not to use.
        (await Api.Ask(client))
            .Should()
            .Be("v1.36");

        using var socket = await client.OpenWebSocket(
            "api/v1/namespaces/x/pods/y/exec?command=a",
            "v5.channel.k8s.io",
            TestContext.Current.CancellationToken
        );
        var buffer = new byte[16];
        var received = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);

        Encoding.ASCII.GetString(buffer, 0, received.Count).Should().Be("hello");
        socket.SubProtocol.Should().Be("v5.channel.k8s.io");
        var request = _server.Requests[^1];
        request.Path.Should().Be("/api/v1/namespaces/x/pods/y/exec?command=a");
        (request.Headers["Authorization"], request.Headers["Impersonate-User"]).Should().Be(("Bearer tok", "jane"));
    }

    [Fact]
    public async Task A_web_socket_to_a_server_of_another_name_is_refused()
    {
        using var client = Api.Open(
            Connection with
            {
                TlsServerName = "nonsense.example.com",
            },
            TestCredentials.Token("tok")
        );

        var opening = () => client.OpenWebSocket("exec", "v5.channel.k8s.io", TestContext.Current.CancellationToken);

        var failure = (await opening.Should().ThrowAsync<WebSocketException>()).Which;
        ApiFaultReader.Of(failure)!.Text.Should().Contain("not for nonsense.example.com");
        _server.Requests.Should().BeEmpty();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static ClusterCredential Bearer(string token) => new(new AuthenticationHeaderValue("Bearer", token), null);

    private static Func<HttpContext, Task<bool>> Refusing(params string[] authorizations) =>
        context =>
        {
            if (!authorizations.Contains(context.Request.Headers.Authorization.ToString()))
                return Task.FromResult(false);
            context.Response.StatusCode = 401;
            return Task.FromResult(true);
        };

    private ClusterConnection Impersonating(Impersonation impersonation) =>
        Connection with
        {
            User = new ClusterUser { Impersonate = impersonation },
        };
}
