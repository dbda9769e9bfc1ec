using static CustomExecutor.Tests.Kubernetes.Kubeconfig.Row;

namespace CustomExecutor.Tests.Kubernetes.Kubeconfig;

/// <summary>The service account of the pod that the runner runs in: kubectl takes it where no kubeconfig is
/// named.</summary>
public sealed class PodSpecs
{
    private static readonly Dictionary<string, string> Account = new()
    {
        ["serviceaccount/token"] = "SECRETpod",
        ["serviceaccount/ca.crt"] = "<pem:ca>",
        ["serviceaccount/namespace"] = "table",
    };

    private static readonly Rows Table = new(
        Pod(Accepted("the account"), "127.0.0.1", "<port:server>"),
        Pod(Accepted("the account at an IPv6 address"), "::1", "<port6:server>"),
        Pod(Accepted("the account at a name"), "api.table.test", "<port:server>") with
        {
            Hosts = ["api.table.test"],
        },
        Pod(Refused("a server of another name"), "127.0.0.1", "<port:other-name>"),
        Pod(Refused("a server of another CA"), "127.0.0.1", "<port:other-ca>"),
        Pod(Refused("an expired server"), "127.0.0.1", "<port:expired>"),
        Pod(Accepted("a bundle of CAs"), "127.0.0.1", "<port:server>", ca: "<pem:bundle>"),
        Pod(Accepted("an intermediate CA"), "127.0.0.1", "<port:intermediate>", ca: "<pem:intermediate-ca>"),
        Pod(Refused("a CA file with words"), "127.0.0.1", "<port:server>", ca: "words"),
        Pod(Refused("a token that the server does not know"), "127.0.0.1", "<port:server>", token: "SECRETstale"),
        Pod(Accepted("a token with a newline"), "127.0.0.1", "<port:server>", token: "SECRETpod\n"),
        Pod(Refused("no address of a server"), "", "<port:server>"),
        Pod(Refused("no port of a server"), "127.0.0.1", ""),
        Pod(Accepted("the environment's proxy"), "0.0.0.0", "<port:server>", proxy: true),
        Pod(
            Accepted("the environment's proxy, not for the service's network"),
            "0.0.0.0",
            "<port:server>",
            proxy: true,
            without: "0.0.0.0/8,.svc,.cluster.local"
        ),
        Pod(Accepted("a kubeconfig that is named before the account"), "127.0.0.1", "1") with
        {
            IsNamed = true,
        }
    );

    public static TheoryData<string> Rows => Table.Names;

    [Theory]
    [MemberData(nameof(Rows))]
    public Task The_driver_takes_the_pods_account_as_kubectl_does(string row) => Table.Agree(row);

    private static Row Pod(
        Row row,
        string host,
        string port,
        string? token = null,
        string? ca = null,
        bool proxy = false,
        string without = ""
    )
    {
        var (files, variables) = (
            new Dictionary<string, string>(Account),
            new Dictionary<string, string> { ["KUBERNETES_SERVICE_HOST"] = host, ["KUBERNETES_SERVICE_PORT"] = port }
        );
        if (token is not null)
            files["serviceaccount/token"] = token;
        if (ca is not null)
            files["serviceaccount/ca.crt"] = ca;
        if (proxy)
            (variables["HTTPS_PROXY"], variables["NO_PROXY"]) = ("http://127.0.0.1:<proxy-port:http>", without);
        return row with { IsNamed = false, IsInPod = true, Files = files, Environment = variables };
    }
}
