namespace CustomExecutor.Core.Tests.Kubernetes.Kubeconfig;

/// <summary>Several files are merged like client-go merges <c>KUBECONFIG=a:b</c>.</summary>
public sealed class KubeconfigMergeSpecs
{
    private const string Contexts =
        "current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u}}, {name: d, context: {cluster: k, "
        + "user: v}}]";
    private const string Clusters = "clusters: [{name: k, cluster: {server: https://one}}]";
    private const string Users = "users: [{name: u, user: {token: first}}, {name: v, user: {tokenFile: t}}]";

    [Theory]
    [InlineData(Contexts, Clusters, Users)]
    [InlineData(Users, Contexts, Clusters)]
    [InlineData(Clusters, "", Contexts + "\n" + Users)]
    public void Each_part_may_be_in_another_file(string one, string two, string three)
    {
        var connection = new KubeconfigFiles().Add("/a/1", one).Add("/b/2", two).Add("/c/3", three).Read();

        connection.Server.Host.Should().Be("one");
        connection.User.Token.Should().Be("first");
        connection.Files.Should().BeEquivalentTo("/a/1", "/b/2", "/c/3", Directory(one, two, three) + "/t");
    }

    [Fact]
    public void The_first_file_wins_for_each_name_as_a_whole()
    {
        var connection = new KubeconfigFiles()
            .Add(
                "/a/1",
                "clusters: [{name: k, cluster: {server: https://one}}]\nusers: [{name: u, user: {token: one}}]"
            )
            .Add(
                "/a/2",
                Contexts
                    + "\nclusters: [{name: k, cluster: {server: https://two, tls-server-name: two}}]\nusers: "
                    + "[{name: u, user: {token: two, as: two}}]"
            )
            .Read();

        connection.Server.Host.Should().Be("one");
        connection.TlsServerName.Should().BeNull();
        connection.User.Token.Should().Be("one");
        connection.User.Impersonate.Should().BeNull();
    }

    [Theory]
    [InlineData("current-context: a", "current-context: b", "a")]
    [InlineData("current-context: ''", "current-context: b", "b")]
    [InlineData("", "current-context: b", "b")]
    public void The_first_current_context_wins(string one, string two, string server)
    {
        const string rest = """
            contexts: [{name: a, context: {cluster: a, user: u}}, {name: b, context: {cluster: b, user: u}}]
            clusters: [{name: a, cluster: {server: https://a}}, {name: b, cluster: {server: https://b}}]
            users: [{name: u, user: {token: t}}]
            """;

        new KubeconfigFiles().Add("/a/1", one).Add("/a/2", two + "\n" + rest).Read().Server.Host.Should().Be(server);
    }

    [Fact]
    public void I_can_name_another_context() =>
        new KubeconfigFiles()
            .Add("/a/1", Contexts + "\n" + Clusters + "\n" + Users)
            .Beside("/a/t", "x")
            .Read("d")
            .User.TokenFile.Should()
            .Be("/a/t");

    [Fact]
    public void A_mistake_in_any_file_is_reported()
    {
        var message = new KubeconfigFiles()
            .Add("/a/1", Contexts + "\n" + Clusters + "\n" + Users)
            .Add("/a/2", "{")
            .Add("/a/3", "users: 7")
            .Refusal();

        message.Should().MatchRegex("/a/2: line . is not valid YAML").And.Contain("/a/3: users: must be a list");
    }

    private static string Directory(params string[] files) =>
        (string[])["/a", "/b", "/c"] is var names
            ? names[Array.FindIndex(files, f => f.Contains("tokenFile", StringComparison.Ordinal))]
            : "";
}
