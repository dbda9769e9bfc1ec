using static CustomExecutor.Tests.Kubernetes.Kubeconfig.Row;

namespace CustomExecutor.Tests.Kubernetes.Kubeconfig;

/// <summary>Which files count, which context is meant, and what of several files belongs together.</summary>
public sealed class MergeSpecs
{
    /// <summary>One file with everything, in its own directory: the paths in it are relative to that.</summary>
    private const string Whole = """
        current-context: here
        contexts: [{name: here, context: {cluster: here, user: here}}]
        clusters: [{name: here, cluster: {server: <url:server>, certificate-authority-data: <data:ca>}}]
        users: [{name: here, user: {token: SECRETwhole}}]
        """;

    private const string Clusters =
        "clusters: [{name: here, cluster: {server: <url:server>, certificate-authority-data: <data:ca>}}]\n";

    private const string Users = "users: [{name: here, user: {token: SECRETsplit}}]\n";

    private const string Contexts = "contexts: [{name: here, context: {cluster: here, user: here}}]\n";

    private static readonly Rows Table = new(
        Accepted("~/.kube/config") with
        {
            IsNamed = false,
            Files = Files(("home/.kube/config", Whole)),
        },
        Accepted("KUBECONFIG") with
        {
            IsNamed = false,
            Files = Files(("a", Whole)),
            Environment = List("<dir>/a"),
        },
        Accepted("KUBECONFIG before ~/.kube/config") with
        {
            IsNamed = false,
            Files = Files(
                ("a", Whole),
                ("home/.kube/config", Whole.Replace("whole", "home", StringComparison.Ordinal))
            ),
            Environment = List("<dir>/a"),
        },
        Accepted("an empty KUBECONFIG means ~/.kube/config") with
        {
            IsNamed = false,
            Files = Files(("home/.kube/config", Whole)),
            Environment = List(""),
        },
        Accepted("the file that is named before KUBECONFIG") with
        {
            Files = Files(("a", Whole)),
            Environment = List("<dir>/a"),
        },
        Accepted("a relative KUBECONFIG") with
        {
            IsNamed = false,
            Files = Files(("home/a", Whole)),
            Environment = List("a"),
        },
        Accepted("two files: clusters and users apart") with
        {
            IsNamed = false,
            Files = Files(("a", Clusters + "current-context: here"), ("b", Users + Contexts)),
            Environment = List("<dir>/a:<dir>/b"),
        },
        Accepted("three files, each with a part") with
        {
            IsNamed = false,
            Files = Files(("a", Clusters), ("b", Users), ("c", Contexts + "current-context: here")),
            Environment = List("<dir>/a:<dir>/b:<dir>/c"),
        },
        Accepted("the first of the list is missing") with
        {
            IsNamed = false,
            Files = Files(("b", Whole)),
            Environment = List("<dir>/none:<dir>/b"),
        },
        Accepted("the last of the list is missing") with
        {
            IsNamed = false,
            Files = Files(("a", Whole)),
            Environment = List("<dir>/a:<dir>/none"),
        },
        Refused("all of the list are missing") with
        {
            IsNamed = false,
            Environment = List("<dir>/none:<dir>/none-either"),
            Says = ["none"],
        },
        Refused("the one of the list is missing, and ~/.kube/config is there") with
        {
            IsNamed = false,
            Files = Files(("home/.kube/config", Whole)),
            Environment = List("<dir>/none"),
        },
        Accepted("blank entries of the list") with
        {
            IsNamed = false,
            Files = Files(("a", Whole)),
            Environment = List("::<dir>/a::"),
        },
        Refused("an entry of blanks in front") with
        {
            IsNamed = false,
            Files = Files(("a", Whole)),
            Environment = List(" <dir>/a"),
        },
        Accepted("the same file twice") with
        {
            IsNamed = false,
            Files = Files(("a", Whole)),
            Environment = List("<dir>/a:<dir>/a"),
        },
        Accepted("an empty file first") with
        {
            IsNamed = false,
            Files = Files(("a", ""), ("b", Whole)),
            Environment = List("<dir>/a:<dir>/b"),
        },
        Refused("a broken file first") with
        {
            IsNamed = false,
            Files = Files(("a", "{SECRET"), ("b", Whole)),
            Environment = List("<dir>/a:<dir>/b"),
        },
        Refused("a broken file last") with
        {
            IsNamed = false,
            Files = Files(("a", Whole), ("b", "{SECRET")),
            Environment = List("<dir>/a:<dir>/b"),
        },
        Refused("a directory in the list") with
        {
            IsNamed = false,
            Files = Files(("a", Whole)),
            Environment = List("<dir>/home:<dir>/a"),
        },
        Accepted("the first file's user wins") with
        {
            IsNamed = false,
            Files = Files(("a", Users), ("b", Whole)),
            Environment = List("<dir>/a:<dir>/b"),
        },
        Accepted("the first file's cluster wins whole") with
        {
            IsNamed = false,
            Files = Files(
                (
                    "a",
                    "clusters: [{name: here, cluster: {server: <url:second>, certificate-authority-data: <data:ca>}}]"
                ),
                ("b", Whole)
            ),
            Environment = List("<dir>/a:<dir>/b"),
        },
        Refused("the first file's cluster without a CA gets none of the second's") with
        {
            IsNamed = false,
            Files = Files(("a", "clusters: [{name: here, cluster: {server: <url:server>}}]"), ("b", Whole)),
            Environment = List("<dir>/a:<dir>/b"),
        },
        Accepted("the first file's context wins") with
        {
            IsNamed = false,
            Files = Files(
                (
                    "a",
                    "contexts: [{name: here, context: {cluster: here, user: other}}]\nusers: [{name: other, user: "
                        + "{token: SECRETother}}]"
                ),
                ("b", Whole)
            ),
            Environment = List("<dir>/a:<dir>/b"),
        },
        Accepted("the first current-context wins") with
        {
            IsNamed = false,
            Files = Files(
                (
                    "a",
                    "current-context: there\ncontexts: [{name: there, context: {cluster: here, user: "
                        + "other}}]\nusers: [{name: other, user: {token: SECRETother}}]"
                ),
                ("b", Whole)
            ),
            Environment = List("<dir>/a:<dir>/b"),
        },
        Accepted("an empty current-context does not count") with
        {
            IsNamed = false,
            Files = Files(("a", "current-context: ''"), ("b", Whole)),
            Environment = List("<dir>/a:<dir>/b"),
        },
        Accepted("paths are relative to the file that has them") with
        {
            IsNamed = false,
            Files = Files(
                (
                    "one/config",
                    "clusters: [{name: here, cluster: {server: <url:server>, certificate-authority: ../<name:ca>}}]"
                ),
                ("two/config", "users: [{name: here, user: {tokenFile: token}}]\ncurrent-context: here\n" + Contexts),
                ("two/token", "SECRETtwo"),
                ("one/token", "SECRETone")
            ),
            Environment = List("<dir>/one/config:<dir>/two/config"),
        },
        Accepted("a context of the settings") with
        {
            IsNamed = false,
            Context = "there",
            Files = Files(
                ("a", Whole + "\n"),
                (
                    "b",
                    "contexts: [{name: there, context: {cluster: here, user: other}}]\nusers: [{name: other, user: "
                        + "{token: SECRETother}}]"
                )
            ),
            Environment = List("<dir>/a:<dir>/b"),
        },
        Accepted("the context of the settings, named file") with
        {
            Context = "here",
        },
        Refused("a context of the settings that is missing") with
        {
            Context = "staging",
            Says = ["staging", "here"],
        },
        Refused("a current-context that is missing") with
        {
            Text = Whole.Replace("current-context: here", "current-context: there", StringComparison.Ordinal),
            Says = ["there"],
        },
        Refused("a context whose cluster is missing") with
        {
            Text = Whole.Replace("cluster: here,", "cluster: there,", StringComparison.Ordinal),
            Says = ["there"],
        },
        Refused("a context whose user is missing") with
        {
            Text = Whole.Replace("user: here}}]", "user: there}}]", StringComparison.Ordinal),
            Says = ["there"],
        },
        Refused("a context without a user") with
        {
            Text = Whole.Replace(", user: here}}]", "}}]", StringComparison.Ordinal),
            Says = ["user"],
        },
        Refused("a context with an empty user") with
        {
            Text = Whole.Replace("user: here}}]", "user: ''}}]", StringComparison.Ordinal),
            Says = ["user"],
        },
        Refused("a context without a cluster") with
        {
            Text = Whole.Replace("cluster: here, user", "user", StringComparison.Ordinal),
            Says = ["cluster"],
        },
        Refused("no current-context") with
        {
            Text = Whole.Replace("current-context: here", "", StringComparison.Ordinal),
            Says = ["current-context"],
        },
        Refused("an empty current-context") with
        {
            Text = Whole.Replace("current-context: here", "current-context: ''", StringComparison.Ordinal),
        },
        Accepted("no current-context, and the settings' context") with
        {
            Text = Whole.Replace("current-context: here", "", StringComparison.Ordinal),
            Context = "here",
        },
        Accepted("a context whose name is an ARN") with
        {
            Text = Whole.Replace("here", "'arn:aws:eks:eu-west-1:123456789012:cluster/prod'", StringComparison.Ordinal),
        },
        Accepted("a context with a blank and a slash in its name") with
        {
            Text = Whole.Replace("here", "\"my context/é@x\"", StringComparison.Ordinal),
            Context = "my context/é@x",
        },
        Accepted("a broken context that is not meant") with
        {
            Text = Whole.Replace(
                "contexts: [",
                "contexts: [{name: other, context: {cluster: none, user: none}}, ",
                StringComparison.Ordinal
            ),
        },
        Accepted("a broken cluster that is not meant") with
        {
            Text = Whole.Replace(
                "clusters: [",
                "clusters: [{name: other, cluster: {server: 'x://', certificate-authority: none.crt}}, ",
                StringComparison.Ordinal
            ),
        },
        Accepted("a broken user that is not meant") with
        {
            Text = Whole.Replace(
                "users: [",
                "users: [{name: other, user: {client-certificate: none.crt, auth-provider: {name: gcp}, exec: "
                    + "{command: none}}}, ",
                StringComparison.Ordinal
            ),
        },
        Refused("a user of the wrong type that is not meant") with
        {
            Text = Whole.Replace("users: [", "users: [{name: other, user: 7}, ", StringComparison.Ordinal),
        },
        Refused("two contexts with one name in one file, the second broken") with
        {
            Text = Whole.Replace(
                "user: here}}]",
                "user: here}}, {name: here, context: {cluster: none, user: none}}]",
                StringComparison.Ordinal
            ),
        },
        Refused("two users with one name in one file") with
        {
            Text = Whole.Replace(
                "users: [",
                "users: [{name: here, user: {token: SECRETfirst}}, ",
                StringComparison.Ordinal
            ),
        },
        Accepted("a namespace in the context") with
        {
            Text = Whole.Replace(
                "user: here}}]",
                "user: here, namespace: elsewhere, extensions: []}}]",
                StringComparison.Ordinal
            ),
        },
        Refused("no kubeconfig at all") with
        {
            IsNamed = false,
            Says = ["kubernetes.kubeconfig"],
        }
    );

    public static TheoryData<string> Rows => Table.Names;

    [Theory]
    [MemberData(nameof(Rows))]
    public Task The_driver_means_the_context_that_kubectl_means(string row) => Table.Agree(row);

    private static Dictionary<string, string> List(string files) => new() { ["KUBECONFIG"] = files };

    private static Dictionary<string, string> Files(params (string Name, string Text)[] files) =>
        files.ToDictionary(f => f.Name, f => f.Text);
}
