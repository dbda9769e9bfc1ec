using static CustomExecutor.Tests.Kubernetes.Kubeconfig.Row;

namespace CustomExecutor.Tests.Kubernetes.Kubeconfig;

/// <summary>Exec plugins: real programs, which kubectl and the driver call.</summary>
public sealed class ExecSpecs
{
    /// <summary>Prints a token that is a hash of what it was given: whoever calls it otherwise is somebody
    /// else.</summary>
    private const string Fingerprint =
        "printf '{\"apiVersion\":\"%s\",\"kind\":\"ExecCredential\",\"status\":{\"token\":\"SECRET%s\"}}' "
        + "client.authentication.k8s.io/v1 \"$(md5sum | cut -c1-32)\"\n";

    private const string Substitution = "walk(if . == \"CRT\" then $c elif . == \"KEY\" then $k else . end)";

    private static readonly Rows Table = new(
        Accepted("a plugin of v1") with
        {
            User = Exec(),
            Files = Prints(Credential("token: SECRETexec")),
            Since = 22,
        },
        Accepted("a plugin of v1beta1") with
        {
            User = Exec(version: "v1beta1"),
            Files = Prints(Credential("token: SECRETexec").Replace("/v1\"", "/v1beta1\"", StringComparison.Ordinal)),
        },
        Accepted("a plugin of v1beta1 without interactiveMode") with
        {
            User = "exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: <dir>/plugin}",
            Files = Prints(Credential("token: SECRETexec").Replace("/v1\"", "/v1beta1\"", StringComparison.Ordinal)),
        },
        Refused("a plugin of v1alpha1") with
        {
            User = Exec(version: "v1alpha1"),
            Files = Prints(Credential("token: SECRETexec")),
            Says = ["apiVersion", "v1alpha1"],
            Since = 24,
        },
        Refused("a plugin without apiVersion") with
        {
            User = "exec: {command: <dir>/plugin, interactiveMode: Never}",
            Files = Prints(Credential("token: SECRETexec")),
            Says = ["apiVersion"],
        },
        Refused("a plugin without a command") with
        {
            User = "exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never}",
            Says = ["command"],
        },
        Refused("a plugin of v1 without interactiveMode") with
        {
            User = "exec: {apiVersion: client.authentication.k8s.io/v1, command: <dir>/plugin}",
            Files = Prints(Credential("token: SECRETexec")),
            Says = ["interactiveMode"],
        },
        Accepted("interactiveMode IfAvailable") with
        {
            User = Exec(mode: "IfAvailable"),
            Files = Prints(Credential("token: SECRETexec")),
            Since = 22,
        },
        Refused("interactiveMode Always") with
        {
            User = Exec(mode: "Always"),
            Files = Prints(Credential("token: SECRETexec")),
            Says = ["interactiveMode"],
            Since = 22,
        },
        Refused("interactiveMode that does not exist") with
        {
            User = Exec(mode: "Sometimes"),
            Files = Prints(Credential("token: SECRETexec")),
            Since = 22,
        },
        Accepted("what the plugin is told") with
        {
            User = Exec(),
            Files = Told("printf %s \"$KUBERNETES_EXEC_INFO\" | jq -S -c ."),
            Since = 22,
        },
        Accepted("what the plugin is told of the cluster") with
        {
            User = Exec("provideClusterInfo: true"),
            Files = Told("printf %s \"$KUBERNETES_EXEC_INFO\" | jq -S -c ."),
            Since = 22,
        },
        Accepted("what the plugin is told of a cluster with everything") with
        {
            Cluster =
                "server: '<url:other-name>', certificate-authority: <file:ca>, tls-server-name: "
                + "api.elsewhere.test, disable-compression: true, "
                + "extensions: [{name: other, extension: {a: b}}, "
                + "{name: client.authentication.k8s.io/exec, extension: {audience: x, deep: {list: [1, 2.5, true, "
                + "null]}}}]",
            User = Exec("provideClusterInfo: true"),
            Files = Told("printf %s \"$KUBERNETES_EXEC_INFO\" | jq -S -c ."),
            Since = 26,
        },
        Accepted("what the plugin is told of a cluster without TLS checks") with
        {
            Cluster = "server: <url:other-name>, insecure-skip-tls-verify: true",
            User = Exec("provideClusterInfo: true"),
            Files = Told("printf %s \"$KUBERNETES_EXEC_INFO\" | jq -S -c ."),
            Since = 22,
        },
        Accepted("what the plugin is told of a cluster with a proxy") with
        {
            Cluster =
                "server: <url:server>, certificate-authority-data: <data:ca>, proxy-url: "
                + "'http://127.0.0.1:<proxy-port:http>'",
            User = Exec("provideClusterInfo: true"),
            Files = Told("printf %s \"$KUBERNETES_EXEC_INFO\" | jq -S -c ."),
            Since = 22,
        },
        Accepted("arguments with blanks, quotes and nothing") with
        {
            User = Exec("args: ['a b', '', 'it''s', '\"x\"', '$HOME `id` \\', '*', --flag=1, '-']"),
            Files = Told("for a in \"$@\"; do printf '<%s>' \"$a\"; done"),
            Since = 22,
        },
        Refused("arguments that are numbers") with
        {
            User = Exec("args: [1]"),
            Files = Prints(Credential("token: SECRETexec")),
            Since = 22,
        },
        Accepted("arguments that are null") with
        {
            User = Exec("args: null, env: null"),
            Files = Prints(Credential("token: SECRETexec")),
            Since = 22,
        },
        Accepted("env") with
        {
            User = Exec(
                "env: [{name: ONE, value: 'a b'}, {name: TWO, value: ''}, {name: HOME, value: /elsewhere}, {name: "
                    + "ONE, value: last}]"
            ),
            Files = Told("printf '<%s><%s><%s>' \"$ONE\" \"$TWO\" \"$HOME\""),
            Since = 22,
        },
        Accepted("the environment of the caller") with
        {
            User = Exec(),
            Files = Told("printf '<%s>' \"$OUTER\""),
            Environment = new Dictionary<string, string> { ["OUTER"] = "from outside" },
            Since = 22,
        },
        Accepted("a command of PATH") with
        {
            User = Exec(command: "table-plugin"),
            Files = new Dictionary<string, string>
            {
                ["bin/table-plugin"] = Script(Print(Credential("token: SECRETexec"))),
            },
            Environment = new Dictionary<string, string> { ["PATH"] = "<dir>/bin:/usr/bin:/bin" },
            Since = 22,
        },
        Accepted("a command relative to the kubeconfig") with
        {
            User = Exec(command: "./bin/plugin"),
            Files = new Dictionary<string, string> { ["bin/plugin"] = Script(Print(Credential("token: SECRETexec"))) },
            Since = 22,
        },
        Accepted("a command relative to the kubeconfig without a dot before it") with
        {
            User = Exec(command: "bin/plugin"),
            Files = new Dictionary<string, string> { ["bin/plugin"] = Script(Print(Credential("token: SECRETexec"))) },
            Since = 22,
        },
        Refused("a command with a tilde") with
        {
            User = Exec(command: "'~/plugin'"),
            Since = 22,
        },
        Refused("a command beside the kubeconfig, without a slash") with
        {
            User = Exec(command: "plugin"),
            Files = Prints(Credential("token: SECRETexec")),
            Since = 22,
        },
        Refused("a command that is missing, with a hint") with
        {
            User = Exec("installHint: 'Install it by: make plugin'", command: "no-such-plugin"),
            Says = ["no-such-plugin", "Install it by: make plugin"],
            Since = 22,
        },
        Refused("a command that is missing, without a hint") with
        {
            User = Exec(command: "/no/such/plugin"),
            Says = ["/no/such/plugin"],
            Since = 22,
        },
        Refused("a command that is not a program") with
        {
            User = Exec(),
            Files = new Dictionary<string, string> { ["plugin"] = "echo" },
            Says = ["plugin"],
            Since = 22,
        },
        Refused("a plugin that fails") with
        {
            User = Exec(),
            Files = Runs("echo SECRETstderr >&2; exit 255"),
            Says = ["255"],
            Since = 22,
        },
        Refused("a plugin that prints its credentials and fails") with
        {
            User = Exec(),
            Files = Runs(Print(Credential("token: SECRETexec")) + "exit 3"),
            Says = ["3"],
            Since = 22,
        },
        Refused("a plugin that a signal ends") with
        {
            User = Exec(),
            Files = Runs("kill -KILL $$"),
            Since = 22,
        },
        Refused("a plugin that prints nothing") with
        {
            User = Exec(),
            Files = Runs("true"),
            Since = 22,
        },
        Refused("a plugin that prints words") with
        {
            User = Exec(),
            Files = Runs("echo SECRETwords"),
            Since = 22,
        },
        Refused("a plugin that prints half its credentials") with
        {
            User = Exec(),
            Files = Runs("printf '{\"kind\":\"ExecCredential\",\"status\":{\"token\":\"SECRET'"),
            Since = 22,
        },
        Refused("a line before the credentials") with
        {
            User = Exec(),
            Files = Runs("echo new version SECRETversion available\n" + Print(Credential("token: SECRETexec"))),
            Since = 22,
        },
        Refused("a line of logrus before the credentials") with
        {
            User = Exec(),
            Files = Runs("echo 'time=\"SECRET\" level=warning'\n" + Print(Credential("token: SECRETexec"))),
            Since = 22,
        },
        Refused("a line after the credentials") with
        {
            User = Exec(),
            Files = Runs(Print(Credential("token: SECRETexec")) + "echo SECRETmore"),
            Since = 22,
        },
        Accepted("blank lines around the credentials") with
        {
            User = Exec(),
            Files = Runs("echo; echo\n" + Print(Credential("token: SECRETexec")) + "echo; echo"),
            Since = 22,
        },
        Accepted("a warning on stderr") with
        {
            User = Exec(),
            Files = Runs("echo SECRETstderr >&2\n" + Print(Credential("token: SECRETexec"))),
            Since = 22,
        },
        Accepted("200 kB on stderr") with
        {
            User = Exec(),
            Files = Runs("head -c 200000 /dev/zero | tr '\\0' x >&2\n" + Print(Credential("token: SECRETexec"))),
            Since = 22,
        },
        Accepted("200 kB on stdout") with
        {
            User = Exec(),
            Files = Runs(Print(Credential("token: SECRETexec")) + "head -c 200000 /dev/zero | tr '\\0' ' '"),
            Since = 22,
        },
        Accepted("a plugin that takes its time") with
        {
            User = Exec(),
            Files = Runs("sleep 2\n" + Print(Credential("token: SECRETexec"))),
            Since = 22,
        },
        Accepted("a plugin that reads its input") with
        {
            User = Exec(),
            Files = Runs("cat >/dev/null\n" + Print(Credential("token: SECRETexec"))),
            Since = 22,
        },
        Accepted("a token that expires later") with
        {
            User = Exec(),
            Files = Prints(Credential("token: SECRETexec", "expirationTimestamp: 2099-01-01T00:00:00Z")),
            Since = 22,
        },
        Accepted("a token that has expired") with
        {
            User = Exec(),
            Files = Prints(Credential("token: SECRETexec", "expirationTimestamp: 2001-01-01T00:00:00Z")),
            Since = 22,
        },
        Accepted("a token that expires in another time zone") with
        {
            User = Exec(),
            Files = Prints(Credential("token: SECRETexec", "expirationTimestamp: 2099-01-01T00:00:00+09:00")),
            Since = 22,
        },
        Refused("an expirationTimestamp that is not a time") with
        {
            User = Exec(),
            Files = Prints(Credential("token: SECRETexec", "expirationTimestamp: tomorrow")),
            Since = 22,
        },
        Accepted("an expirationTimestamp of null") with
        {
            User = Exec(),
            Files = Prints(
                Credential("token: SECRETexec")
                    .Replace("\"status\":{", "\"status\":{\"expirationTimestamp\":null,", StringComparison.Ordinal)
            ),
            Since = 22,
        },
        Accepted("a certificate") with
        {
            User = Exec(),
            Files = Runs(Print(Credential("clientCertificateData: CRT", "clientKeyData: KEY")) + "", substitute: true),
            Since = 22,
        },
        Accepted("a certificate and a token") with
        {
            User = Exec(),
            Files = Runs(
                Print(Credential("clientCertificateData: CRT", "clientKeyData: KEY", "token: SECRETexec")),
                substitute: true
            ),
            Since = 22,
        },
        Refused("a certificate without a key") with
        {
            User = Exec(),
            Files = Runs(Print(Credential("clientCertificateData: CRT")), substitute: true),
            Since = 22,
        },
        Refused("a key without a certificate") with
        {
            User = Exec(),
            Files = Runs(Print(Credential("clientKeyData: KEY")), substitute: true),
            Since = 22,
        },
        Refused("a certificate that is none") with
        {
            User = Exec(),
            Files = Prints(Credential("clientCertificateData: SECRET", "clientKeyData: SECRET")),
            Since = 22,
        },
        Refused("another kind") with
        {
            User = Exec(),
            Files = Prints(
                Credential("token: SECRETexec").Replace("ExecCredential", "Secret", StringComparison.Ordinal)
            ),
            Since = 22,
        },
        Accepted("no kind") with
        {
            User = Exec(),
            Files = Prints(
                Credential("token: SECRETexec").Replace("\"kind\":\"ExecCredential\",", "", StringComparison.Ordinal)
            ),
            Since = 22,
        },
        Accepted("a token twice") with
        {
            User = Exec(),
            Files = Prints(Credential("token: SECRETfirst", "token: SECRETlast")),
            Since = 22,
            Differs = "of two tokens nobody knows which one is meant",
        },
        Refused("neither kind nor apiVersion") with
        {
            User = Exec(),
            Files = Prints("{\"status\":{\"token\":\"SECRETexec\"}}"),
            Since = 22,
        },
        Refused("no apiVersion") with
        {
            User = Exec(),
            Files = Prints("{\"kind\":\"ExecCredential\",\"status\":{\"token\":\"SECRETexec\"}}"),
            Since = 22,
        },
        Refused("another apiVersion") with
        {
            User = Exec(),
            Files = Prints(Credential("token: SECRETexec").Replace("/v1\"", "/v1beta1\"", StringComparison.Ordinal)),
            Since = 22,
        },
        Refused("no status") with
        {
            User = Exec(),
            Files = Prints("{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\"}"),
            Since = 22,
        },
        Refused("an empty status") with
        {
            User = Exec(),
            Files = Prints(Credential()),
            Since = 22,
        },
        Refused("an empty token") with
        {
            User = Exec(),
            Files = Prints(Credential("token: ")),
            Since = 22,
        },
        Refused("a status that is a list") with
        {
            User = Exec(),
            Files = Prints(
                "{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":[\"SECRET\"]}"
            ),
            Since = 22,
        },
        Accepted("credentials as YAML") with
        {
            User = Exec(),
            Files = Runs(
                "printf 'apiVersion: client.authentication.k8s.io/v1\\nkind: ExecCredential\\nstatus:\\n  token: "
                    + "SECRETexec\\n'"
            ),
            Since = 22,
        },
        Accepted("fields that nobody knows") with
        {
            User = Exec(),
            Files = Prints(
                Credential("token: SECRETexec", "other: x")
                    .Replace(
                        "{\"apiVersion\"",
                        "{\"metadata\":{},\"spec\":{\"x\":1},\"apiVersion\"",
                        StringComparison.Ordinal
                    )
            ),
            Since = 22,
        },
        Refused("a token that the server does not know") with
        {
            User = Exec(),
            Files = Prints(Credential("token: SECRETstale")),
            Since = 22,
        },
        Accepted("a plugin and a token") with
        {
            User = $"{Exec()}, token: SECRETtoken",
            Files = Prints(Credential("token: SECRETexec")),
            Since = 22,
        },
        Accepted("a plugin and a certificate") with
        {
            User = $"{Exec()}, client-certificate-data: <data:p256.crt>, client-key-data: <data:p256.key>",
            Files = Prints(Credential("token: SECRETexec")),
            Since = 22,
        },
        Refused("a plugin and an auth-provider") with
        {
            User = $"{Exec()}, auth-provider: {{name: oidc}}",
            Files = Prints(Credential("token: SECRETexec")),
            Since = 22,
        },
        Accepted("a plugin and as") with
        {
            User = $"{Exec()}, as: somebody",
            Files = Prints(Credential("token: SECRETexec")),
            Since = 22,
        },
        Accepted("a plugin for a server without TLS is not asked") with
        {
            Cluster = "server: <url:plain>",
            User = Exec(),
            Files = Runs("exit 1"),
            Since = 22,
        }
    );

    public static TheoryData<string> Rows => Table.Names;

    [Theory]
    [MemberData(nameof(Rows))]
    public Task The_driver_calls_plugins_as_kubectl_does(string row) => Table.Agree(row);

    private static string Exec(
        string more = "",
        string version = "v1",
        string mode = "Never",
        string command = "<dir>/plugin"
    ) =>
        $"exec: {{apiVersion: client.authentication.k8s.io/{version}, interactiveMode: {mode}, command: "
        + $"{command}{(more == "" ? "" : $", {more}")}}}";

    /// <summary>An ExecCredential whose status has these fields.</summary>
    private static string Credential(params string[] fields) =>
        $"{{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":{{{string.Join(',', fields.Select(Field))}}}}}";

    private static string Field(string field) =>
        field.Split(": ", 2) is [var name, var value] ? $"\"{name}\":\"{value}\"" : throw new ArgumentException(field);

    private static string Script(string commands) => $"#!/bin/sh\n{commands}\n";

    private static string Print(string json) => $"cat <<'END'\n{json}\nEND\n";

    private static Dictionary<string, string> Prints(string json) => Runs(Print(json));

    private static Dictionary<string, string> Told(string commands) => Runs($"{{ {commands}\n}} | {Fingerprint}");

    /// <param name="commands">The plugin's commands.</param>
    /// <param name="substitute">Puts a real certificate and its key in the place of CRT and KEY.</param>
    private static Dictionary<string, string> Runs(string commands, bool substitute = false) =>
        new()
        {
            ["plugin"] = Script(
                substitute
                    ? $"{{ {commands}\n}} | jq --rawfile c <file:p256.crt> --rawfile k <file:p256.key> '{Substitution}'"
                    : commands
            ),
        };
}
