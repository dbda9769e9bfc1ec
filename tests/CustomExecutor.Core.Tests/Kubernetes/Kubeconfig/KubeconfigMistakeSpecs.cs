namespace CustomExecutor.Core.Tests.Kubernetes.Kubeconfig;

/// <summary>Files that kubectl refuses are refused with file and field, without values that may be secrets.</summary>
public sealed class KubeconfigMistakeSpecs
{
    private const string Exec = "command: x, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never";

    [Theory]
    [InlineData("server: ''", "clusters.k.server: is missing")]
    [InlineData("tls-server-name: x", "clusters.k.server: is missing")]
    [InlineData("server: 'ftp://x'", "clusters.k.server: is not a URL")]
    [InlineData("server: 'https://'", "clusters.k.server: is not a URL")]
    [InlineData("server: ' https://x'", "clusters.k.server: is not a URL")]
    [InlineData("server: 'https://x:99999'", "clusters.k.server: is not a URL")]
    [InlineData("server: 'x:6443/path'", "clusters.k.server: is not a URL")]
    [InlineData("server: 'https://x/#secret'", "clusters.k.server: has a fragment")]
    [InlineData("server: /x", "clusters.k.server: is not a URL")]
    [InlineData("server: \"https://x\\0\"", "clusters.k.server: has a NUL character")]
    [InlineData("server: [https://x]", "clusters.k.server: must be text")]
    [InlineData(
        "server: https://x, proxy-url: 'ftp://p'",
        "clusters.k.proxy-url: is not a URL that begins with http://, https:// or socks5://"
    )]
    [InlineData("server: https://x, proxy-url: 'p:3128'", "clusters.k.proxy-url: is not a URL")]
    [InlineData(
        "server: https://x, certificate-authority: ca",
        "clusters.k.certificate-authority: the file /etc/k/ca can't be read: No such file"
    )]
    [InlineData(
        "server: https://x, certificate-authority: /etc/k/text",
        "clusters.k.certificate-authority: the file /etc/k/text has no certificate"
    )]
    [InlineData(
        "server: https://x, certificate-authority-data: YQ==",
        "clusters.k.certificate-authority-data: has no certificate"
    )]
    [InlineData(
        "server: https://x, certificate-authority-data: YQ",
        "clusters.k.certificate-authority-data: is not complete base64"
    )]
    [InlineData(
        "server: https://x, certificate-authority-data: 'Y Q=='",
        "clusters.k.certificate-authority-data: is not complete base64"
    )]
    [InlineData(
        "server: https://x, certificate-authority: /etc/k/ca.crt, certificate-authority-data: YQ==",
        "clusters.k.certificate-authority: is set, and certificate-authority-data too"
    )]
    [InlineData(
        "server: https://x, certificate-authority: /etc/k/ca.crt, insecure-skip-tls-verify: true",
        "clusters.k.insecure-skip-tls-verify: is true, and a certificate authority is set"
    )]
    [InlineData(
        "server: https://x, insecure-skip-tls-verify: 'true'",
        "clusters.k.insecure-skip-tls-verify: must be true or false"
    )]
    [InlineData("server: https://x, extensions: {a: b}", "clusters.k.extensions: must be a list")]
    public void A_cluster_with_a_mistake(string cluster, string mistake) =>
        Refusal(KubeconfigFiles.With(cluster), mistake);

    [Theory]
    [InlineData("token: 12345", "users.u.token: is a number, but must be text: put it in quotes")]
    [InlineData("token: y", "users.u.token: is true or false")]
    [InlineData("token: {secret: secret}", "users.u.token: must be text")]
    [InlineData("token: \"secret\\nsecret\"", "users.u.token: has a character that is not allowed in an HTTP header")]
    [InlineData("token: secret, username: name", "users.u.token: is set, and username and password too")]
    [InlineData("token: secret, password: secret", "users.u.token: is set, and username and password too")]
    [InlineData("tokenFile: /etc/k/text, username: name", "users.u.tokenFile: is set, and username and password too")]
    [InlineData("tokenFile: t", "users.u.tokenFile: the file /etc/k/t can't be read: No such file")]
    [InlineData("tokenFile: /etc/k/empty", "users.u.tokenFile: the file /etc/k/empty is empty")]
    [InlineData("", "users.u: has no credentials")]
    [InlineData("password: secret", "users.u: has no credentials")]
    [InlineData("as: somebody", "users.u: has no credentials")]
    [InlineData("token: secret, as-uid: '1'", "users.u.as: is missing")]
    [InlineData("token: secret, as-groups: [g]", "users.u.as: is missing")]
    [InlineData("token: secret, as-user-extra: {a: [b]}", "users.u.as: is missing")]
    [InlineData("token: secret, as: a, as-groups: g", "users.u.as-groups: must be a list")]
    [InlineData("token: secret, as: a, as-groups: [1]", "users.u.as-groups[0]: is a number")]
    [InlineData("token: secret, as: a, as-user-extra: {b: c}", "users.u.as-user-extra.b: must be a list")]
    [InlineData(
        "token: secret, as: \"a\\r\\nX: y\"",
        "users.u.as: has a character that is not allowed in an HTTP header"
    )]
    [InlineData("auth-provider: {name: gcp}", "users.u.auth-provider: \"gcp\" is not supported. Use its exec plugin")]
    [InlineData(
        "token: secret, auth-provider: {name: oidc, config: {id-token: secret}}",
        "users.u.auth-provider: \"oidc\" is not supported"
    )]
    [InlineData(
        "token: secret, auth-provider: {name: oidc, config: {id-token: 1}}",
        "users.u.auth-provider.config.id-token: is a number"
    )]
    [InlineData(
        "client-certificate-data: YQ==, client-key-data: YQ==",
        "users.u.client-certificate-data: has no certificate"
    )]
    [InlineData("client-certificate-data: YQ==", "users.u.client-key: is missing for the client certificate")]
    [InlineData(
        "client-certificate: c, client-key: /etc/k/rsa.key",
        "users.u.client-certificate: the file /etc/k/c can't be read"
    )]
    [InlineData("client-certificate: rsa.crt, client-key: k", "users.u.client-key: the file /etc/k/k can't be read")]
    [InlineData(
        "client-certificate: rsa.crt, client-key: ecdsa.key",
        "users.u.client-key: the file /etc/k/ecdsa.key can't be read as a key of the certificate's type"
    )]
    [InlineData(
        "client-certificate: text, client-key: rsa.key",
        "users.u.client-certificate: the file /etc/k/text has no certificate"
    )]
    [InlineData(
        "client-certificate: rsa.crt, client-certificate-data: YQ==, client-key: rsa.key",
        "users.u.client-certificate: is set, and client-certificate-data too"
    )]
    [InlineData(
        "client-certificate: rsa.crt, client-key: rsa.key, client-key-data: YQ==",
        "users.u.client-key: is set, and client-key-data too"
    )]
    [InlineData(
        "exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never}",
        "users.u.exec.command: is missing"
    )]
    [InlineData("exec: {command: x, interactiveMode: Never}", "users.u.exec.apiVersion: is missing")]
    [InlineData(
        "exec: {command: x, apiVersion: client.authentication.k8s.io/v1}",
        "users.u.exec.interactiveMode: must be Never, IfAvailable, Always"
    )]
    [InlineData(
        "exec: {command: x, apiVersion: client.authentication.k8s.io/v1alpha1}",
        "users.u.exec.apiVersion: \"client.authentication.k8s.io/v1alpha1\" is not supported"
    )]
    [InlineData(
        "exec: {command: x, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Always}",
        "users.u.exec.interactiveMode: is Always, but the driver has no terminal"
    )]
    [InlineData(
        "exec: {command: x, apiVersion: client.authentication.k8s.io/v1, interactiveMode: never}",
        "users.u.exec.interactiveMode: must be"
    )]
    [InlineData("token: secret, exec: {command: x}", "users.u.exec.apiVersion: is missing")]
    [InlineData("exec: {" + Exec + ", env: [{value: secret}]}", "users.u.exec.env: has an entry without a name")]
    [InlineData("exec: {" + Exec + ", env: {A: secret}}", "users.u.exec.env: must be a list")]
    [InlineData("exec: {" + Exec + ", args: [secret, 1]}", "users.u.exec.args[1]: is a number")]
    [InlineData("exec: {" + Exec + ", args: [\"secret\\0\"]}", "users.u.exec.args[0]: has a NUL character")]
    [InlineData(
        "exec: {" + Exec + ", provideClusterInfo: 'yes'}",
        "users.u.exec.provideClusterInfo: must be true or false"
    )]
    [InlineData("exec: " + "plugin", "users.u.exec: must be a mapping")]
    public void A_user_with_a_mistake(string user, string mistake) =>
        Refusal(KubeconfigFiles.With(user: user), mistake);

    [Theory]
    [InlineData("", "no context is chosen")]
    [InlineData("# nothing", "no context is chosen")]
    [InlineData("secret text", "is not a kubeconfig")]
    [InlineData("[secret]", "is not a kubeconfig")]
    [InlineData("7", "is not a kubeconfig")]
    [InlineData("{", "is not valid YAML")]
    [InlineData("a: 1\ntoken: \"secret", "is not valid YAML. Is the file complete?")]
    [InlineData("apiVersion: v2", "apiVersion: must be v1")]
    [InlineData("kind: Secret", "kind: must be Config")]
    [InlineData("clusters: 7", "clusters: must be a list")]
    [InlineData("clusters: [7]", "clusters[0]: must be a mapping")]
    [InlineData("users: [{name: 5}]", "users[0].name: is a number")]
    [InlineData("users: [{name: a, user: {token: 1}}]", "users.a.token: is a number")]
    [InlineData("users: [{name: a}, {name: a}]", "users.a: occurs twice")]
    [InlineData("contexts: [{name: a}, {name: a}]", "contexts.a: occurs twice")]
    [InlineData("preferences: 7", "preferences: must be a mapping")]
    [InlineData("extensions: 7", "extensions: must be a list")]
    [InlineData(
        "current-context: c",
        "current-context: there is no context \"c\". The file has no contexts; is it complete?"
    )]
    [InlineData(
        "current-context: c\ncontexts: [{name: d}]",
        "current-context: there is no context \"c\". The contexts are \"d\"."
    )]
    [InlineData("current-context: c\ncontexts: [{name: c}]", "contexts.c.cluster: there is no cluster \"\"")]
    [InlineData(
        "current-context: c\ncontexts: [{name: c, context: {cluster: k}}]",
        "contexts.c.cluster: there is no cluster \"k\""
    )]
    [InlineData(
        "current-context: c\ncontexts: [{name: c, context: {cluster: k}}]\nclusters: [{name: k, cluster: {server: "
            + "https://x}}]",
        "contexts.c.user: is missing"
    )]
    [InlineData(
        "current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u}}]\nclusters: [{name: k, cluster: "
            + "{server: https://x}}]",
        "contexts.c.user: there is no user \"u\""
    )]
    [InlineData("current-context: \"c\\u001b[31m\"", "there is no context \"c\\u001b[31m\"")]
    public void A_file_with_a_mistake(string text, string mistake) =>
        Refusal(new KubeconfigFiles().Add("/etc/k/config", text), mistake);

    [Fact]
    public void A_missing_context_of_the_settings_is_reported() =>
        KubeconfigFiles
            .With()
            .Refusal("staging")
            .Should()
            .Contain("contexts: there is no context \"staging\". The contexts are \"c\".");

    [Fact]
    public void All_mistakes_are_reported_at_once()
    {
        var lines = KubeconfigFiles
            .With("server: 7, insecure-skip-tls-verify: 1", "token: 1, as-groups: 2")
            .Refusal()
            .Split('\n');

        lines
            .Should()
            .HaveCount(5)
            .And.StartWith("The cluster's configuration (kubeconfig /etc/k/config) can't be used:");
        KubeconfigFiles
            .With("server: https://x, proxy-url: p", "token: secret, username: name, as-uid: '1', exec: {}")
            .Refusal()
            .Split('\n')
            .Should()
            .HaveCount(7);
    }

    [Fact]
    public void A_truncated_file_is_refused_at_every_length()
    {
        var whole = $$"""
            current-context: c
            contexts: [{name: c, context: {cluster: k, user: u} }]
            clusters: [{name: k, cluster: {server: https://x} }]
            users:
            - name: u
              user:
                client-certificate-data: { {Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(TestCertificates.EcdsaCertificate))} }
                client-key-data: { {Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(TestCertificates.EcdsaPkcs8))} }
            """;
        for (var length = 0; length < whole.Length - 8; length += 7)
        {
            new KubeconfigFiles()
                .Add("/etc/k/config", whole[..length])
                .Refusal()
                .Should()
                .StartWith("The cluster's configuration (");
        }
    }

    private static void Refusal(KubeconfigFiles files, string mistake) =>
        files
            .Beside("/etc/k/text", "secret")
            .Beside("/etc/k/empty", " \n")
            .Beside("/etc/k/ca.crt", TestCertificates.RsaCertificate)
            .Beside("/etc/k/rsa.crt", TestCertificates.RsaCertificate)
            .Beside("/etc/k/rsa.key", TestCertificates.RsaPkcs1)
            .Beside("/etc/k/ecdsa.key", TestCertificates.EcdsaPkcs8)
            .Refusal()
            .Should()
            .StartWith("The cluster's configuration (kubeconfig /etc/k/config) can't be used:")
            .And.Contain("/etc/k/config: ")
            .And.Contain(mistake)
            .And.NotContain("secret")
            .And.NotContain("\u001b");
}
