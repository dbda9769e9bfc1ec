using static CustomExecutor.Tests.Kubernetes.Kubeconfig.Row;

namespace CustomExecutor.Tests.Kubernetes.Kubeconfig;

/// <summary>As whom the server is asked: with kubectl's token, login and certificate.</summary>
public sealed class UserSpecs
{
    /// <summary>kubectl asks for a user name then, and finds no terminal.</summary>
    private static readonly string[] NoCredentials = ["users.here", "has no credentials"];

    /// <summary>{"alg":"none"}.{"exp":4102444800}, signed by SECRET.</summary>
    private const string Jwt = "eyJhbGciOiJub25lIn0.eyJleHAiOjQxMDI0NDQ4MDB9.SECRET";

    private static readonly Rows Table = new(
        Accepted("a token"),
        Accepted("a token and nothing else in the context") with
        {
            User = "token: 'SECRET.with-_~+/dots='",
        },
        Refused("an empty token") with
        {
            User = "token: ''",
            Says = NoCredentials,
        },
        Refused("no credentials") with
        {
            User = "",
            Says = NoCredentials,
        },
        Refused("a token that is null") with
        {
            User = "token: null",
            Says = NoCredentials,
        },
        Refused("a token that is a number") with
        {
            User = "token: 12345",
        },
        Accepted("a token that is a number in quotes") with
        {
            User = "token: '12345'",
        },
        Refused("a token that is a boolean") with
        {
            User = "token: true",
        },
        Refused("a token that is a list") with
        {
            User = "token: [SECRETtoken]",
        },
        Refused("a token that the server does not know") with
        {
            User = "token: SECRETstale",
        },
        Refused("a token of two lines") with
        {
            User = "token: \"SECRETa\\nSECRETb\"",
        },
        Accepted("a token with blanks around it") with
        {
            User = "token: ' SECRETtoken '",
        },
        Accepted("a token file") with
        {
            User = "tokenFile: token",
            Files = File("token", "SECRETfile"),
        },
        Accepted("a token file with an absolute path") with
        {
            User = "tokenFile: <dir>/tokens/one",
            Files = File("tokens/one", "SECRETfile"),
        },
        Accepted("a token file with a newline") with
        {
            User = "tokenFile: token",
            Files = File("token", "SECRETfile\n"),
        },
        Accepted("a token file with blanks and newlines around") with
        {
            User = "tokenFile: token",
            Files = File("token", " \n SECRETfile\t\r\n\n"),
        },
        Accepted("a token file and a token") with
        {
            User = "tokenFile: token, token: SECRETinline",
            Files = File("token", "SECRETfile"),
        },
        Refused("an empty token file") with
        {
            User = "tokenFile: token",
            Files = File("token", ""),
            Says = ["tokenFile"],
        },
        Accepted("an empty token file and a token") with
        {
            User = "tokenFile: token, token: SECRETinline",
            Files = File("token", "\n"),
        },
        Refused("a token file that is missing") with
        {
            User = "tokenFile: none",
            Says = ["tokenFile", "none"],
        },
        Accepted("a token file that is missing, and a token") with
        {
            User = "tokenFile: none, token: SECRETinline",
        },
        Refused("a token file that is a directory") with
        {
            User = "tokenFile: home",
        },
        Refused("a token file with a token that the server does not know") with
        {
            User = "tokenFile: token",
            Files = File("token", "SECRETstale"),
        },
        Refused("tokenfile in small letters is not tokenFile") with
        {
            User = "tokenfile: token",
            Files = File("token", "SECRETfile"),
            Says = NoCredentials,
        },
        Accepted("a login") with
        {
            User = "username: somebody, password: SECRETpassword",
        },
        Accepted("a login with a colon and beyond ASCII") with
        {
            User = "username: sömebody, password: 'SECRET:pässword'",
        },
        Accepted("a login without a password") with
        {
            User = "username: somebody",
        },
        Refused("a password without a name") with
        {
            User = "password: SECRETpassword",
            Says = NoCredentials,
        },
        Refused("a login and a token") with
        {
            User = "username: somebody, password: SECRETpassword, token: SECRETtoken",
        },
        Refused("a login and a token file") with
        {
            User = "username: somebody, password: SECRETpassword, tokenFile: token",
            Files = File("token", "SECRETfile"),
        },
        Refused("a password that is a number") with
        {
            User = "username: somebody, password: 12345",
        },
        Accepted("a certificate") with
        {
            User = Certificate("p256.crt", "p256.key"),
        },
        Accepted("a certificate as files") with
        {
            User = "client-certificate: <file:p256.crt>, client-key: <file:p256.key>",
        },
        Accepted("a certificate as files with relative paths") with
        {
            User = "client-certificate: ./<name:p256.crt>, client-key: <name:p256.key>",
        },
        Accepted("a certificate as data and a key as a file") with
        {
            User = "client-certificate-data: <data:p256.crt>, client-key: <file:p256.key>",
        },
        Accepted("a certificate as a file and a key as data") with
        {
            User = "client-certificate: <file:p256.crt>, client-key-data: <data:p256.key>",
        },
        Refused("a certificate as data and as a file") with
        {
            User = $"{Certificate("p256.crt", "p256.key")}, client-certificate: <file:rsa.crt>",
            Says = ["client-certificate"],
        },
        Refused("a key as data and as a file") with
        {
            User = $"{Certificate("p256.crt", "p256.key")}, client-key: <file:rsa.key>",
            Says = ["client-key"],
        },
        Accepted("a certificate and a token") with
        {
            User = $"{Certificate("p256.crt", "p256.key")}, token: SECRETtoken",
        },
        Accepted("a certificate and a login") with
        {
            User = $"{Certificate("p256.crt", "p256.key")}, username: somebody, password: SECRETpassword",
        },
        Accepted("a certificate with insecure-skip-tls-verify") with
        {
            Cluster = "server: <url:other-ca>, insecure-skip-tls-verify: true",
            User = Certificate("p256.crt", "p256.key"),
        },
        Refused("a certificate without a key") with
        {
            User = "client-certificate-data: <data:p256.crt>",
            Says = ["client-key"],
        },
        Refused("a certificate file without a key") with
        {
            User = "client-certificate: <file:p256.crt>",
            Says = ["client-key"],
        },
        Refused("a key without a certificate") with
        {
            User = "client-key-data: <data:p256.key>",
            Says = NoCredentials,
        },
        Refused("a certificate with another's key") with
        {
            User = Certificate("p256.crt", "p384.key"),
        },
        Refused("a certificate with another's key of the same type") with
        {
            User = Certificate("p256.crt", "chain.key"),
        },
        Refused("a certificate with an RSA key") with
        {
            User = Certificate("p256.crt", "rsa.key"),
        },
        Accepted("an elliptic key, SEC1") with
        {
            User = Certificate("p256.crt", "p256-sec1.key"),
        },
        Accepted("an elliptic key, SEC1 with its parameters before") with
        {
            User = Certificate("p256.crt", "p256-parameters.key"),
        },
        Accepted("an elliptic key of P-384") with
        {
            User = Certificate("p384.crt", "p384.key"),
        },
        Accepted("an elliptic key of P-384, SEC1") with
        {
            User = Certificate("p384.crt", "p384-sec1.key"),
        },
        Accepted("an elliptic key of P-521") with
        {
            User = Certificate("p521.crt", "p521.key"),
        },
        Accepted("an RSA key, PKCS#8") with
        {
            User = Certificate("rsa.crt", "rsa.key"),
        },
        Accepted("an RSA key, PKCS#1") with
        {
            User = Certificate("rsa.crt", "rsa-pkcs1.key"),
        },
        Accepted("an Ed25519 key") with
        {
            User = Certificate("ed25519.crt", "ed25519.key"),
            Differs = ".NET has no Ed25519 keys; the message names it",
            Says = ["Ed25519", "client-key"],
        },
        Refused("an encrypted key, PKCS#8") with
        {
            User = Certificate("rsa.crt", "rsa-encrypted.key"),
            Says = ["encrypted", "client-key"],
        },
        Refused("an encrypted key, PKCS#1") with
        {
            User = Certificate("rsa.crt", "rsa-encrypted-pkcs1.key"),
            Says = ["encrypted", "client-key"],
        },
        Refused("a public key") with
        {
            User = Certificate("rsa.crt", "rsa-public.key"),
            Says = ["client-key"],
        },
        Refused("half a key") with
        {
            User = Certificate("rsa.crt", "rsa-half.key"),
            Says = ["client-key"],
        },
        Refused("words as a key") with
        {
            User = Certificate("rsa.crt", "words"),
            Says = ["client-key"],
        },
        Refused("words as a certificate") with
        {
            User = Certificate("words", "rsa.key"),
            Says = ["client-certificate"],
        },
        Accepted("a certificate and its key in one text, twice") with
        {
            User = Certificate("rsa-both.pem", "rsa-both.pem"),
        },
        Accepted("a certificate and its key in one file, twice") with
        {
            User = "client-certificate: <file:rsa-both.pem>, client-key: <file:rsa-both.pem>",
        },
        Accepted("a certificate with words before it") with
        {
            User = Certificate("rsa-text.crt", "rsa.key"),
        },
        Accepted("a certificate with its chain") with
        {
            User = Certificate("chain.crt", "chain.key"),
        },
        Accepted("an expired certificate, which the server judges") with
        {
            User = Certificate("expired.crt", "chain.key"),
        },
        Refused("a certificate that is not base64") with
        {
            User = "client-certificate-data: '%%%', client-key-data: <data:rsa.key>",
            Says = ["client-certificate-data"],
        },
        Refused("a key that is not base64") with
        {
            User = "client-certificate-data: <data:rsa.crt>, client-key-data: 'SECRET%'",
            Says = ["client-key-data"],
        },
        Refused("a key as PEM where base64 belongs") with
        {
            User = "client-certificate-data: <data:rsa.crt>, client-key-data: '-----BEGIN PRIVATE KEY----- SECRETkey'",
            Says = ["client-key-data"],
        },
        Accepted("base64 over several lines") with
        {
            Text = """
            current-context: here
            contexts: [{name: here, context: {cluster: here, user: here}}]
            clusters: [{name: here, cluster: {<cluster>}}]
            users:
            - name: here
              user:
                client-certificate-data: |
                  <data:rsa.crt>
                client-key-data: >-
                  <data:rsa.key>
            """,
        },
        Refused("a certificate file that is missing") with
        {
            User = "client-certificate: none.crt, client-key: <file:rsa.key>",
            Says = ["none.crt"],
        },
        Refused("a key file that is missing") with
        {
            User = "client-certificate: <file:rsa.crt>, client-key: none.key",
            Says = ["none.key"],
        },
        Accepted("credentials for a server without TLS are not sent") with
        {
            Cluster = "server: <url:plain>",
        },
        Accepted("a login for a server without TLS is not sent") with
        {
            Cluster = "server: <url:plain>",
            User = "username: u, password: SECRETpassword",
        },
        Refused("auth-provider gcp") with
        {
            User = "auth-provider: {name: gcp, config: {access-token: SECRETtoken}}",
            Says = ["auth-provider", "gcp"],
            Since = 26,
        },
        Accepted("auth-provider oidc") with
        {
            User =
                "auth-provider: {name: oidc, config: {client-id: x, id-token: "
                + Jwt
                + ", idp-issuer-url: 'https://127.0.0.1:1'}}",
            Differs = "an auth-provider writes new tokens into the kubeconfig; exec plugins have taken its place",
            Says = ["auth-provider", "oidc"],
        },
        Refused("as without a server that knows the token") with
        {
            User = "token: SECRETstale, as: somebody",
        },
        Accepted("as") with
        {
            User = "token: SECRETtoken, as: somebody",
        },
        Accepted("as a service account") with
        {
            User = "token: SECRETtoken, as: 'system:serviceaccount:default:nobody'",
        },
        Accepted("as with groups") with
        {
            User = "token: SECRETtoken, as: somebody, as-groups: [b, a, 'system:masters']",
        },
        Accepted("as with a uid") with
        {
            User = "token: SECRETtoken, as: somebody, as-uid: '42'",
            Since = 23,
        },
        Accepted("as beyond ASCII") with
        {
            User = "token: SECRETtoken, as: sömebody, as-groups: [gröup, 'two, groups']",
        },
        Refused("as of two lines") with
        {
            User = "token: SECRETtoken, as: \"some\\nbody\"",
        },
        Refused("a group of two lines") with
        {
            User = "token: SECRETtoken, as: somebody, as-groups: [\"a\\r\\nImpersonate-Group: b\"]",
        },
        Accepted("as with one group") with
        {
            User = "token: SECRETtoken, as: somebody, as-groups: [a]",
        },
        Accepted("as with extra") with
        {
            User =
                "token: SECRETtoken, as: somebody, as-user-extra: {scopes: [view, edit], 'example.com/Some Key%': [x]}",
        },
        Accepted("as with all of it and a certificate") with
        {
            User =
                $"{Certificate("p256.crt", "p256.key")}, as: somebody, as-uid: a, as-groups: [g], as-user-extra: "
                + $"{{k: [v]}}",
            Since = 23,
        },
        Refused("groups without as") with
        {
            User = "token: SECRETtoken, as-groups: [g]",
            Says = ["as-groups"],
        },
        Refused("a uid without as") with
        {
            User = "token: SECRETtoken, as-uid: '42'",
            Says = ["as-uid"],
            Since = 23,
        },
        Refused("extra without as") with
        {
            User = "token: SECRETtoken, as-user-extra: {k: [v]}",
            Says = ["as-user-extra"],
        },
        Accepted("as that is empty") with
        {
            User = "token: SECRETtoken, as: ''",
        },
        Accepted("as with empty groups") with
        {
            User = "token: SECRETtoken, as: somebody, as-groups: []",
        },
        Refused("as that is a number") with
        {
            User = "token: SECRETtoken, as: 7",
        },
        Refused("groups that are a text") with
        {
            User = "token: SECRETtoken, as: somebody, as-groups: g",
        }
    );

    public static TheoryData<string> Rows => Table.Names;

    [Theory]
    [MemberData(nameof(Rows))]
    public Task The_driver_is_whom_kubectl_is(string row) => Table.Agree(row);

    private static Dictionary<string, string> File(string name, string text) => new() { [name] = text };

    private static string Certificate(string certificate, string key) =>
        $"client-certificate-data: <data:{certificate}>, client-key-data: <data:{key}>";
}
