namespace CustomExecutor.Tests.Kubernetes.Kubeconfig;

/// <summary>
/// One row of the table: a kubeconfig and what belongs to it. In every text, <c>&lt;kind:name&gt;</c> stands for
/// something that the row's <see cref="Lab"/> makes: see <see cref="Lab.Fill"/>.
/// </summary>
internal sealed record Row
{
    private Row(string name, bool isAccepted) => (Name, IsAccepted) = (name, isAccepted);

    public string Name { get; }

    /// <summary>What kubectl is known to do. It keeps a typing error in a row from being an agreement to refuse
    /// it.</summary>
    public bool IsAccepted { get; }

    /// <summary>The cluster's fields, in YAML's flow style.</summary>
    public string Cluster { get; init; } = "server: <url:server>, certificate-authority-data: <data:ca>";

    /// <summary>The user's fields, in YAML's flow style.</summary>
    public string User { get; init; } = "token: SECRETtoken";

    /// <summary>The whole kubeconfig, where the two above do not suffice.</summary>
    public string Text { get; init; } =
        """
            apiVersion: v1
            kind: Config
            current-context: here
            contexts: [{name: here, context: {cluster: here, user: here}}]
            clusters: [{name: here, cluster: {<cluster>}}]
            users: [{name: here, user: {<user>}}]
            """;

    /// <summary>How the text becomes bytes.</summary>
    public Func<string, byte[]> Encode { get; init; } = System.Text.Encoding.UTF8.GetBytes;

    /// <summary>Other files: relative path and text. A text that begins with <c>#!</c> becomes a program.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    /// <summary>The driver's <c>kubernetes.context</c> and kubectl's <c>--context</c>.</summary>
    public string? Context { get; init; }

    /// <summary>False: neither the settings nor <c>--kubeconfig</c> name the kubeconfig, the environment or a default
    /// leads to it.</summary>
    public bool IsNamed { get; init; } = true;

    /// <summary>Variables besides <c>PATH</c>, <c>HOME</c> (<c>DIR/home</c>) and <c>ASKED</c> (<c>kubectl</c> or
    /// <c>driver</c>).</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Host names that lead to 127.0.0.1.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Whether the directory <c>serviceaccount</c> of <see cref="Files"/> is mounted as Kubernetes mounts it
    /// into a pod.</summary>
    public bool IsInPod { get; init; }

    /// <summary>The first minor version of kubectl 1.x that means it so; older ones are not asked.</summary>
    public int Since { get; init; }

    /// <summary>Why the driver does the opposite of kubectl on purpose; null where they must agree.</summary>
    public string? Differs { get; init; }

    /// <summary>Words that the driver's message must have.</summary>
    public IReadOnlyList<string> Says { get; init; } = [];

    public static Row Accepted(string name) => new(name, true);

    public static Row Refused(string name) => new(name, false);
}

/// <summary>The rows of one subject.</summary>
internal sealed class Rows(params Row[] rows)
{
    private readonly Dictionary<string, Row> _rows = rows.ToDictionary(r => r.Name);

    /// <summary>The names, each also as a trait: <c>-preEnumerateTheories -trait "row=NAME"</c> runs one row.</summary>
    public TheoryData<string> Names
    {
        get
        {
            var names = new TheoryData<string>();
            foreach (var name in _rows.Keys)
                names.Add(new TheoryDataRow<string>(name).WithTrait("row", name));
            return names;
        }
    }

    /// <summary>Asks kubectl and the driver.</summary>
    public Task Agree(string name) => Oracle.Agree(_rows[name]);
}
