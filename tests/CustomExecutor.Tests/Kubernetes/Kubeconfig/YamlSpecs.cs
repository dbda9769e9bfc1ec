using System.Text;
using static CustomExecutor.Tests.Kubernetes.Kubeconfig.Row;

namespace CustomExecutor.Tests.Kubernetes.Kubeconfig;

/// <summary>Odd YAML: what kubectl reads in it is what the driver reads in it.</summary>
public sealed class YamlSpecs
{
    private const string Block = """
        apiVersion: v1
        kind: Config
        current-context: here
        preferences: {}
        contexts:
        - context:
            cluster: here
            user: here
          name: here
        clusters:
        - cluster:
            certificate-authority-data: <data:ca>
            server: <url:server>
          name: here
        users:
        - name: here
          user:
            token: SECRETtoken

        """;

    private const string Json = """
        {
          "apiVersion": "v1", "kind": "Config", "current-context": "here", "preferences": {},
          "contexts": [{"name": "here", "context": {"cluster": "here", "user": "here"}}],
          "clusters": [{"name": "here", "cluster": {"server": "<url:server>", "certificate-authority-data": "<data:ca>"}}],
          "users": [{"name": "here", "user": {"token": "SECRETtoken"}}]
        }
        """;

    private static readonly Rows Table = new(
        Accepted("as kubectl writes it") with
        {
            Text = Block,
        },
        Accepted("JSON") with
        {
            Text = Json,
        },
        Accepted("JSON in one line") with
        {
            Text = Json.Replace("\n", "", StringComparison.Ordinal),
        },
        Accepted("JSON with an escape") with
        {
            Text = Json.Replace("SECRETtoken", "SECRET\\u0074oken", StringComparison.Ordinal),
        },
        Refused("JSON with an escape that YAML 1.1 does not have") with
        {
            Text = Json.Replace("SECRETtoken", "SECRET\\/token", StringComparison.Ordinal),
            Differs = "it is valid JSON",
        },
        Accepted("JSON with a comma too many") with
        {
            Text = Json.Replace(
                "{\"token\": \"SECRETtoken\"}",
                "{\"token\": \"SECRETtoken\",}",
                StringComparison.Ordinal
            ),
        },
        Refused("JSON that is cut off") with
        {
            Text = Json[..^20],
        },
        Accepted("JSON with tabs") with
        {
            Text = Json.Replace("  ", "\t", StringComparison.Ordinal),
        },
        Accepted("comments") with
        {
            Text =
                "# first: {\n"
                + Block.Replace("token: SECRETtoken", "token: SECRETtoken # not: this", StringComparison.Ordinal)
                + "# last",
        },
        Accepted("a token with a number sign") with
        {
            Text = Block.Replace("SECRETtoken", "SECRET#token", StringComparison.Ordinal),
        },
        Accepted("the marks of a document") with
        {
            Text = "---\n" + Block + "...\n",
        },
        Accepted("a directive") with
        {
            Text = "%YAML 1.1\n---\n" + Block,
        },
        Refused("a directive of the future") with
        {
            Text = "%YAML 2.0\n---\n" + Block,
        },
        Accepted("a second document") with
        {
            Text = Block + "---\nusers: [{name: here, user: {token: SECRETsecond}}]\n",
        },
        Accepted("a second document that is broken") with
        {
            Text = Block + "---\n{SECRET\n",
        },
        Refused("an empty document first") with
        {
            Text = "---\n---\n" + Block,
        },
        Accepted("a byte order mark") with
        {
            Text = Block,
            Encode = text => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)],
        },
        Accepted("JSON with a byte order mark") with
        {
            Text = Json,
            Encode = text => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)],
        },
        Accepted("CRLF") with
        {
            Text = Block.Replace("\n", "\r\n", StringComparison.Ordinal),
        },
        Accepted("CR") with
        {
            Text = Block.Replace("\n", "\r", StringComparison.Ordinal),
        },
        Accepted("UTF-16 with a byte order mark") with
        {
            Text = Block,
            Encode = text => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)],
        },
        Accepted("UTF-16, the other way round") with
        {
            Text = Block,
            Encode = text => [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(text)],
        },
        Refused("UTF-16 without a byte order mark") with
        {
            Text = Block,
            Encode = Encoding.Unicode.GetBytes,
        },
        Refused("UTF-32") with
        {
            Text = Block,
            Encode = text => [0xFF, 0xFE, 0, 0, .. Encoding.UTF32.GetBytes(text)],
        },
        Refused("Latin-1") with
        {
            Text = "# é\n" + Block,
            Encode = Encoding.Latin1.GetBytes,
        },
        Refused("a null byte") with
        {
            Text = Block + "\0",
        },
        Refused("a control character") with
        {
            Text = Block.Replace("SECRETtoken", "SECRET\x01token", StringComparison.Ordinal),
        },
        Accepted("names beyond ASCII") with
        {
            Text = Block.Replace("here", "hier-é-日本", StringComparison.Ordinal),
        },
        Refused("tabs that indent") with
        {
            Text = Block.Replace("  ", "\t", StringComparison.Ordinal),
        },
        Accepted("blanks at the ends of lines") with
        {
            Text = Block.Replace("\n", "  \n", StringComparison.Ordinal),
        },
        Accepted("an anchor and its alias") with
        {
            Text =
                Block.Replace("token: SECRETtoken", "token: &t SECRETtoken", StringComparison.Ordinal)
                + "- name: other\n  user: {token: *t}\n",
        },
        Accepted("an alias for the token that is used") with
        {
            Text = "x: &t SECRETalias\n" + Block.Replace("token: SECRETtoken", "token: *t", StringComparison.Ordinal),
        },
        Accepted("a merge key") with
        {
            Text =
                "x: &u {token: SECRETmerged}\n"
                + Block.Replace("    token: SECRETtoken", "    <<: *u", StringComparison.Ordinal),
        },
        Accepted("a merge key and the field itself") with
        {
            Text =
                "x: &u {token: SECRETmerged}\n"
                + Block.Replace("    token: SECRETtoken", "    <<: *u\n    token: SECRETown", StringComparison.Ordinal),
        },
        Accepted("a merge key of a list") with
        {
            Text =
                "x: &u {token: SECRETmerged}\ny: &v {token: SECRETother, username: ''}\n"
                + Block.Replace("    token: SECRETtoken", "    <<: [*u, *v]", StringComparison.Ordinal),
        },
        Refused("an alias of nothing") with
        {
            Text = Block.Replace("SECRETtoken", "*nothing", StringComparison.Ordinal),
        },
        Refused("an alias of itself") with
        {
            Text = "x: &x [*x]\n" + Block,
        },
        Refused("a bomb of aliases") with
        {
            Text =
                "a: &a [x,x,x,x,x,x,x,x,x]\n"
                + string.Concat(
                    "bcdefghi".Zip("abcdefgh", (n, o) => $"{n}: &{n} [*{o},*{o},*{o},*{o},*{o},*{o},*{o},*{o},*{o}]\n")
                )
                + Block,
        },
        Refused("a great depth") with
        {
            Text = $"x: {new string('[', 20000)}{new string(']', 20000)}\n" + Block,
        },
        Accepted("some depth") with
        {
            Text = $"x: {new string('[', 50)}{new string(']', 50)}\n" + Block,
        },
        Accepted("a key twice, at the top") with
        {
            Text = Block + "current-context: here\n",
        },
        Accepted("a key twice, in the user") with
        {
            Text = Block + "    token: SECRETagain\n",
        },
        Accepted("a key twice, in what nobody knows") with
        {
            Text = Block + "other: {a: 1, a: 2}\n",
        },
        Accepted("a key twice in JSON") with
        {
            Text = Json.Replace("{\"token\":", "{\"token\": \"SECRETfirst\", \"token\":", StringComparison.Ordinal),
        },
        Accepted("unknown fields") with
        {
            Text = Block + "    unknown: {a: [b]}\nother: x\n",
        },
        Accepted("unknown fields in clusters and contexts") with
        {
            Text = Block
                .Replace("    server:", "    api-version: v1\n    server:", StringComparison.Ordinal)
                .Replace("    user: here", "    colour: red\n    user: here", StringComparison.Ordinal),
        },
        Refused("a field in other letters") with
        {
            Text = Block.Replace("    token: SECRETtoken", "    Token: SECRETtoken", StringComparison.Ordinal),
        },
        Refused("Users in a capital") with
        {
            Text = Block.Replace("users:", "Users:", StringComparison.Ordinal),
        },
        Accepted("preferences and extensions") with
        {
            Text = Block.Replace(
                "preferences: {}",
                "preferences: {colors: true, extensions: [{name: a, extension: {b: c}}]}\nextensions: [{name: x, "
                    + "extension: {y: [1]}}]",
                StringComparison.Ordinal
            ),
        },
        Accepted("minikube's extensions") with
        {
            Text = Block.Replace(
                "    server:",
                "    extensions:\n    - extension: {last-update: 'Tue', provider: minikube.sigs.k8s.io, version: "
                    + "v1.30}\n      name: cluster_info\n    server:",
                StringComparison.Ordinal
            ),
        },
        Accepted("null lists that do not matter") with
        {
            Text = Block + "extensions: null\n",
        },
        Accepted("preferences of null") with
        {
            Text = Block.Replace("preferences: {}", "preferences:", StringComparison.Ordinal),
        },
        Refused("null users") with
        {
            Text = Block[..Block.IndexOf("users:", StringComparison.Ordinal)] + "users: null\n",
        },
        Refused("null clusters") with
        {
            Text = Block.Replace("clusters:", "clusters: null\nother:", StringComparison.Ordinal),
        },
        Refused("a null cluster") with
        {
            Text =
                "current-context: here\ncontexts: [{name: here, context: {cluster: here, user: here}}]\nclusters: "
                + "[{name: here, cluster: null}]\nusers: []\n",
        },
        Refused("a null context") with
        {
            Text = Block.Replace(
                "contexts:",
                "contexts: [{name: here, context: null}]\nother:",
                StringComparison.Ordinal
            ),
        },
        Accepted("an entry of null among the users") with
        {
            Text = Block + "- null\n",
        },
        Refused("users as a map") with
        {
            Text = Block[..Block.IndexOf("users:", StringComparison.Ordinal)] + "users: {here: {token: SECRETtoken}}\n",
        },
        Refused("users as a text") with
        {
            Text = Block[..Block.IndexOf("users:", StringComparison.Ordinal)] + "users: SECRET\n",
        },
        Refused("a user without a name") with
        {
            Text = Block.Replace("- name: here\n  user:", "- user:", StringComparison.Ordinal),
        },
        Refused("a name that is a number") with
        {
            Text = Block.Replace("here", "42", StringComparison.Ordinal),
        },
        Accepted("a name that is a number in quotes") with
        {
            Text = Block.Replace("here", "'42'", StringComparison.Ordinal),
        },
        Refused("a name that is a boolean of YAML 1.1") with
        {
            Text = Block.Replace("here", "on", StringComparison.Ordinal),
        },
        Accepted("a name that is a time") with
        {
            Text = Block.Replace("here", "12:30", StringComparison.Ordinal),
        },
        Accepted("a name that is a date") with
        {
            Text = Block.Replace("here", "2024-01-01", StringComparison.Ordinal),
        },
        Refused("a name that is y") with
        {
            Text = Block.Replace("here", "y", StringComparison.Ordinal),
        },
        Refused("a name that is a hexadecimal number") with
        {
            Text = Block.Replace("here", "0x10", StringComparison.Ordinal),
        },
        Refused("a token that is a number with underscores") with
        {
            Text = Block.Replace("SECRETtoken", "1_000", StringComparison.Ordinal),
        },
        Accepted("a token with a tag of its own") with
        {
            Text = Block.Replace("SECRETtoken", "!!str SECRETtoken", StringComparison.Ordinal),
        },
        Accepted("a number with the tag of a text") with
        {
            Text = Block.Replace("SECRETtoken", "!!str 42", StringComparison.Ordinal),
        },
        Accepted("a token of base64 bytes") with
        {
            Text = Block.Replace("SECRETtoken", "!!binary U0VDUkVUYmluYXJ5", StringComparison.Ordinal),
        },
        Accepted("a token as a block") with
        {
            Text = Block.Replace("token: SECRETtoken", "token: |-\n      SECRETtoken", StringComparison.Ordinal),
        },
        Refused("a token as a block with its newline") with
        {
            Text = Block.Replace("token: SECRETtoken", "token: |\n      SECRETtoken", StringComparison.Ordinal),
        },
        Accepted("a token that is folded") with
        {
            Text = Block.Replace(
                "token: SECRETtoken",
                "token: >-\n      SECRET\n      token",
                StringComparison.Ordinal
            ),
        },
        Accepted("a token in quotes with escapes") with
        {
            Text = Block.Replace("SECRETtoken", "\"SECRET\\x74oken\"", StringComparison.Ordinal),
        },
        Accepted("a question mark before a key") with
        {
            Text = Block.Replace("    token: SECRETtoken", "    ? token\n    : SECRETtoken", StringComparison.Ordinal),
        },
        Accepted("kind: Config is missing") with
        {
            Text = Block.Replace("kind: Config\n", "", StringComparison.Ordinal),
        },
        Accepted("apiVersion is missing") with
        {
            Text = Block.Replace("apiVersion: v1\n", "", StringComparison.Ordinal),
        },
        Accepted("both are missing") with
        {
            Text = Block.Replace("apiVersion: v1\nkind: Config\n", "", StringComparison.Ordinal),
        },
        Accepted("both are empty") with
        {
            Text = Block.Replace(
                "apiVersion: v1\nkind: Config\n",
                "apiVersion: ''\nkind: ''\n",
                StringComparison.Ordinal
            ),
        },
        Refused("another kind") with
        {
            Text = Block.Replace("kind: Config", "kind: Pod", StringComparison.Ordinal),
            Says = ["kind"],
        },
        Refused("kind in small letters") with
        {
            Text = Block.Replace("kind: Config", "kind: config", StringComparison.Ordinal),
        },
        Refused("another apiVersion") with
        {
            Text = Block.Replace("apiVersion: v1", "apiVersion: v2", StringComparison.Ordinal),
            Says = ["apiVersion"],
        },
        Refused("apiVersion that is a number") with
        {
            Text = Block.Replace("apiVersion: v1", "apiVersion: 1", StringComparison.Ordinal),
        },
        Refused("an empty file") with
        {
            Text = "",
        },
        Refused("a file of blanks") with
        {
            Text = "  \n\n",
        },
        Refused("a file of comments") with
        {
            Text = "# nothing\n",
        },
        Refused("a file with null") with
        {
            Text = "null\n",
        },
        Refused("words") with
        {
            Text = "SECRET words\n",
        },
        Refused("a list") with
        {
            Text = "- SECRET\n",
        },
        Refused("HTML") with
        {
            Text = "<HTML><BODY>SECRET</BODY></HTML>\n",
        },
        Refused("a file cut off in the CA") with
        {
            Text = Block[..(Block.IndexOf("<data:ca>", StringComparison.Ordinal) - 3)],
        },
        Refused("a file cut off before the users") with
        {
            Text = Block[..Block.IndexOf("users:", StringComparison.Ordinal)],
        },
        Accepted("a file cut off in the token") with
        {
            Text = Block[..(Block.IndexOf("SECRETtoken", StringComparison.Ordinal) + 8)],
        },
        Accepted("a megabyte of comment") with
        {
            Text = string.Concat(Enumerable.Repeat($"# {new string('x', 98)}\n", 10000)) + Block,
        }
    );

    public static TheoryData<string> Rows => Table.Names;

    [Theory]
    [MemberData(nameof(Rows))]
    public Task The_driver_reads_what_kubectl_reads(string row) => Table.Agree(row);
}
