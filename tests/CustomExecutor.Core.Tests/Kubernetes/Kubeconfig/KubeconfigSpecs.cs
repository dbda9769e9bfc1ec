using System.Text;
using CustomExecutor.Core.Kubernetes.Kubeconfig;

namespace CustomExecutor.Core.Tests.Kubernetes.Kubeconfig;

/// <summary>Files that kubectl accepts, and how it interprets them.</summary>
public sealed class KubeconfigSpecs
{
    [Theory]
    [InlineData("https://example.com:6443", "https://example.com:6443/")]
    [InlineData("https://example.com", "https://example.com/")]
    [InlineData("HTTPS://Example.com", "https://example.com/")]
    [InlineData("https://example.com/k8s/clusters/c-1", "https://example.com/k8s/clusters/c-1")]
    [InlineData("https://example.com/k8s/?a=b", "https://example.com/k8s/")]
    [InlineData("https://example.com//", "https://example.com/")]
    [InlineData("https://example.com?a=b", "https://example.com/")]
    [InlineData("https://a:b@example.com", "https://example.com/")]
    [InlineData("https://[fd00::1]:6443", "https://[fd00::1]:6443/")]
    [InlineData("http://example.com:8080", "http://example.com:8080/")]
    [InlineData("example.com:6443", "http://example.com:6443/")]
    [InlineData("example.com", "http://example.com/")]
    [InlineData("10.0.0.1:6443", "http://10.0.0.1:6443/")]
    public void The_server_is_the_same_as_kubectls(string server, string address) =>
        KubeconfigFiles.With($"server: '{server}'").Read().Server.AbsoluteUri.Should().Be(address);

    [Fact]
    public void Every_field_of_a_cluster_is_read()
    {
        var connection = KubeconfigFiles
            .With(
                """
                server: https://example.com, tls-server-name: other.example.com, proxy-url: 'socks5://proxy:1080', disable-compression: true, certificate-authority: ca.crt
                """
            )
            .Beside("/etc/k/ca.crt", TestCertificates.RsaCertificate)
            .Read();

        connection.TlsServerName.Should().Be("other.example.com");
        connection.Proxy.Should().Be(new Uri("socks5://proxy:1080"));
        connection.DisableCompression.Should().BeTrue();
        connection.InsecureSkipTlsVerify.Should().BeFalse();
        connection.CertificateAuthority.Should().Be(TestCertificates.RsaCertificate);
        connection.Origin.Should().Be("context \"c\" of /etc/k/config");
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("yes", true)]
    [InlineData("false", false)]
    [InlineData("null", false)]
    public void Verification_can_be_skipped(string value, bool skipped) =>
        KubeconfigFiles
            .With($"server: https://x, insecure-skip-tls-verify: {value}")
            .Read()
            .InsecureSkipTlsVerify.Should()
            .Be(skipped);

    [Fact]
    public void Certificates_may_be_in_the_file_itself()
    {
        var connection = KubeconfigFiles
            .With(
                "server: https://x, certificate-authority-data: "
                    + $"{Base64(TestCertificates.RsaCertificate + TestCertificates.EcdsaCertificate)}",
                $"client-certificate-data: {Base64(TestCertificates.EcdsaCertificate)}, client-key-data: "
                    + $"{Base64(TestCertificates.EcdsaSec1)}"
            )
            .Read();

        connection
            .CertificateAuthority.Should()
            .Be(TestCertificates.RsaCertificate + TestCertificates.EcdsaCertificate);
        connection.User.ClientCertificate.Should().Be(TestCertificates.EcdsaCertificate);
        connection.User.ClientKey.Should().Be(TestCertificates.EcdsaSec1);
    }

    [Fact]
    public void Paths_are_relative_to_the_file_that_contains_them()
    {
        var connection = KubeconfigFiles
            .With(user: "client-certificate: ../pki/c.crt, client-key: /abs/c.key, tokenFile: t")
            .Beside("/etc/pki/c.crt", TestCertificates.RsaCertificate)
            .Beside("/abs/c.key", TestCertificates.RsaPkcs1)
            .Beside("/etc/k/t", "x\n")
            .Read();

        connection.User.ClientKey.Should().Be(TestCertificates.RsaPkcs1);
        connection.User.TokenFile.Should().Be("/etc/k/t");
        connection.Files.Should().BeEquivalentTo("/etc/k/config", "/etc/pki/c.crt", "/abs/c.key", "/etc/k/t");
    }

    [Theory]
    [InlineData("token: t", "t", null, null, null)]
    [InlineData("token: t, tokenFile: /missing", "t", "/missing", null, null)]
    [InlineData("tokenFile: /etc/k/t", null, "/etc/k/t", null, null)]
    [InlineData("username: name", null, null, "name", null)]
    [InlineData("username: name, password: 'p:q'", null, null, "name", "p:q")]
    [InlineData("token: 'a b'", "a b", null, null, null)]
    [InlineData("token: 2020-01-01", "2020-01-01", null, null, null)]
    [InlineData("token: \"\\u00fc\"", "ü", null, null, null)]
    [InlineData("token: a, token: b", "b", null, null, null)]
    [InlineData("token: t, Token: u, unknown: [1]", "t", null, null, null)]
    [InlineData("token: t, username: null, exec: ~, client-key-data: ''", "t", null, null, null)]
    [InlineData("token: t, client-key-data: YQ==", "t", null, null, null)]
    [InlineData("token: t, client-key-data: YR==", "t", null, null, null)]
    public void A_user_authenticates_with_its_credentials(
        string user,
        string? token,
        string? tokenFile,
        string? name,
        string? password
    ) =>
        KubeconfigFiles
            .With(user: user)
            .Beside("/etc/k/t", "x")
            .Read()
            .User.Should()
            .Be(
                new ClusterUser
                {
                    Token = token,
                    TokenFile = tokenFile,
                    Username = name,
                    Password = password,
                }
            );

    [Theory]
    [InlineData("https", "token: t", "a%40b:c%3Ad", "a@b", "c:d")]
    [InlineData("https", "username: n2, password: p", "a", "a", "")]
    [InlineData(
        "https",
        "exec: {command: x, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never}",
        "a:b",
        "a",
        "b"
    )]
    [InlineData("http", "token: t", "a:b", "a", "b")]
    public void A_login_in_the_address_wins(string scheme, string user, string login, string name, string password) =>
        KubeconfigFiles
            .With($"server: '{scheme}://{login}@example.com'", user)
            .Read()
            .User.Should()
            .Be(new ClusterUser { Username = name, Password = password });

    [Theory]
    [InlineData("token: t", "u")]
    [InlineData("exec: {command: x, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never}", "u")]
    [InlineData("", "u")]
    [InlineData("", "nobody")]
    public void No_credentials_are_sent_over_http(string user, string name)
    {
        var connection = new KubeconfigFiles()
            .Add(
                "/etc/k/config",
                $$"""
                current-context: c
                contexts: [{name: c, context: {cluster: k, user: {{name}} } }]
                clusters: [{name: k, cluster: {server: http://example.com} }]
                users: [{name: u, user: { {{user}} } }]
                """
            )
            .Read();

        connection.User.Should().Be(new ClusterUser());
    }

    [Fact]
    public void Another_user_can_be_impersonated()
    {
        var user = KubeconfigFiles
            .With(
                user: "token: t, as: 'system:serviceaccount:a:b', as-uid: '7', as-groups: [g, h], as-user-extra: "
                    + "{scopes: [x, z], none: []}"
            )
            .Read()
            .User;

        user.Impersonate!.User.Should().Be("system:serviceaccount:a:b");
        user.Impersonate.Uid.Should().Be("7");
        user.Impersonate.Groups.Should().Equal("g", "h");
        user.Impersonate.Extra.Should()
            .BeEquivalentTo(new Dictionary<string, string[]> { ["scopes"] = ["x", "z"], ["none"] = [] });
    }

    [Fact]
    public void Every_field_of_a_plugin_is_read()
    {
        var exec = KubeconfigFiles
            .With(
                "server: https://x, extensions: [{name: client.authentication.k8s.io/exec, extension: {audience: "
                    + "a, m: [1, 2.5, null]}}, {name: other, extension: 7}]",
                """
                exec: {command: ./bin/plugin, args: [' a  b ', '$HOME', '', "x\ty"], env: [{name: A, value: '1'}, {name: A, value: $B}, {name: C}],
                  apiVersion: client.authentication.k8s.io/v1, installHint: 'install it', provideClusterInfo: true, interactiveMode: IfAvailable}
                """
            )
            .Read()
            .User.Exec!;

        exec.Command.Should().Be("/etc/k/bin/plugin");
        exec.Arguments.Should().Equal(" a  b ", "$HOME", "", "x\ty");
        exec.Environment.Should().Equal(new Dictionary<string, string> { ["A"] = "$B", ["C"] = "" });
        exec.ApiVersion.Should().Be("client.authentication.k8s.io/v1");
        exec.InstallHint.Should().Be("install it");
        exec.ProvideClusterInfo.Should().BeTrue();
        exec.InteractiveMode.Should().Be("IfAvailable");
        exec.ClusterConfig.Should().Be("""{"audience":"a","m":[1,2.5,null]}""");
    }

    [Theory]
    [InlineData("plugin", "plugin")]
    [InlineData("/bin/plugin", "/bin/plugin")]
    [InlineData("./plugin", "/etc/k/plugin")]
    [InlineData("bin/plugin", "/etc/k/bin/plugin")]
    [InlineData("../plugin", "/etc/plugin")]
    public void A_plugin_path_is_relative_to_the_kubeconfig(string command, string path)
    {
        var exec = KubeconfigFiles
            .With(user: $"exec: {{command: {command}, apiVersion: client.authentication.k8s.io/v1beta1}}")
            .Read()
            .User.Exec!;

        exec.Command.Should().Be(path);
        exec.InteractiveMode.Should().Be("IfAvailable", "v1beta1 has this default");
    }

    [Theory]
    [InlineData("token: t")]
    [InlineData("tokenFile: /etc/k/t")]
    [InlineData("username: name")]
    public void A_plugin_is_not_called_if_there_are_other_credentials(string other) =>
        KubeconfigFiles
            .With(
                user: other
                    + ", exec: {command: x, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Always}"
            )
            .Beside("/etc/k/t", "x")
            .Read()
            .User.Exec.Should()
            .BeNull();

    [Theory]
    [InlineData("")]
    [InlineData("preferences: {colors: true}")]
    [InlineData("preferences: null")]
    [InlineData("extensions: [{name: minikube, extension: {last-update: today}}]")]
    [InlineData("unknown: [1, {a: b}]")]
    [InlineData("Users: 7")]
    [InlineData("---\nanother: [document")]
    public void The_rest_of_a_file_may_contain_everything_that_kubectl_accepts(string rest) =>
        new KubeconfigFiles()
            .Add(
                "/etc/k/config",
                $$"""
                current-context: 'arn:aws:eks:eu-central-1:1:cluster/a'
                contexts: [{name: 'arn:aws:eks:eu-central-1:1:cluster/a', context: {cluster: k, user: u, namespace: other} }, null]
                clusters: [{name: k, cluster: {server: https://x} }, {name: broken, cluster: {server: ':::', certificate-authority: /missing} }]
                users: [{name: u, user: {token: t} }, {name: broken, user: {auth-provider: {name: gcp, config: {a: b} }, as-uid: '1'} }, {name: empty}]
                {{rest}}
                """
            )
            .Read()
            .User.Token.Should()
            .Be("t");

    [Fact]
    public void All_files_of_every_user_and_cluster_are_known()
    {
        var connection = new KubeconfigFiles()
            .Add(
                "/etc/k/config",
                """
                current-context: c
                contexts: [{name: c, context: {cluster: k, user: u}}]
                clusters: [{name: k, cluster: {server: https://x}}, {name: l, cluster: {certificate-authority: other.crt}}]
                users:
                - {name: u, user: {token: t}}
                - {name: v, user: {client-certificate: v.crt, client-key: v.key, tokenFile: v.token}}
                - name: w
                  user:
                    exec:
                      command: aws
                      args: [--key-file=/etc/aws/key, /etc/aws/x, relative, -v, --other, ./y]
                      env: [{name: AWS_CONFIG_FILE, value: /etc/aws/config}, {name: FILES, value: '/a:/b/../c:d'}, {name: PATH, value: '/bin:/usr/bin'}, {name: M, value: '1'}]
                """
            )
            .Add("/home/r/.kube/config", "")
            .Read();

        connection
            .Files.Should()
            .BeEquivalentTo(
                "/etc/k/config",
                "/home/r/.kube/config",
                "/etc/k/other.crt",
                "/etc/k/v.crt",
                "/etc/k/v.key",
                "/etc/k/v.token"
            );
        connection.PluginPaths.Should().BeEquivalentTo("/etc/aws/config", "/a", "/c", "/etc/aws/key", "/etc/aws/x");
    }

    [Fact]
    public void ToString_omits_secrets()
    {
        var connection = KubeconfigFiles.With(user: "token: hidden-token").Read();

        $"{connection} {connection.User}".Should().NotContain("hidden");
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
