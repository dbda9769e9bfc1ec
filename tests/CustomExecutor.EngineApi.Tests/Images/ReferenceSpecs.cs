using CustomExecutor.EngineApi.References;

namespace CustomExecutor.EngineApi.Tests.Images;

/// <summary>Names of images: each is read as docker's own client reads it.</summary>
public sealed class ReferenceSpecs
{
    private const string Hex = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private static readonly string[] Names =
    [
        "a",
        "busybox",
        "busybox:1",
        "a/b",
        "a/b/c",
        "docker.io/a",
        "docker.io/library/a",
        "index.docker.io/a:1",
        "library/a",
        "docker.io/a/b:x",
        "localhost/a",
        "localhost:5000/a/b:1",
        "LOCALHOST/a",
        "registry.example.com/a",
        "registry.example.com:5000/a/b/c:v1.2.3",
        "127.0.0.1:5000/a",
        "[::1]:5000/a:1",
        "[2001:db8::1]/a",
        "example/a",
        "Example/a",
        "A",
        "a/B",
        "a:B",
        "a__b",
        "a___b",
        "a--b",
        "a-_b",
        "a..b",
        "a._b",
        "a-",
        "-a",
        "_a",
        ".a",
        "a/",
        "/a",
        "a//b",
        "a:",
        ":a",
        "a:1:2",
        "a@",
        $"a@sha256:{Hex}",
        $"a:1@sha256:{Hex}",
        $"a@sha256:{Hex[..63]}",
        $"localhost:5000/a@sha256:{Hex}",
        $"a@sha256:{Hex}:1",
        Hex,
        $"x/{Hex}",
        Hex[..63],
        "a b",
        "a\n",
        "a:b\n",
        "ä",
        "a:ä",
        "xn--n3h.com/a",
        "a.b",
        "a.b/c",
        "a:.b",
        "a:-b",
        "a:_b",
        $"a:{new string('t', 128)}",
        $"a:{new string('t', 129)}",
        new string('n', 247),
        new string('n', 248),
        $"a/{new string('n', 253)}",
        $"a/{new string('n', 254)}",
        "host:99999999/a",
        "host:/a",
        "-host.com/a",
        "host-.com/a",
        "host..com/a",
        "a\u0000b",
        "a?b",
        "a%2fb",
        "../a",
        "a/../b",
        "https://example.com/a",
        "user@example.com/a",
        "a/b@c",
        "docker.io",
        "docker.io/",
        "localhost:5000",
        "foo.com:8080/bar:8080",
    ];

    [Fact]
    public async Task Each_name_is_accepted_or_refused_and_written_as_by_dockers_own_client()
    {
        // The client parses the name, and asks for it in its familiar form; whoever answers here only notes what it
        // asked for.
        using var files = new TemporaryDirectory();
        var asked = new List<string>();
        var socket = Path.Join(files.Path, "docker.sock");
        await using var app = LoopbackServer.CreateOn(
            socket,
            context =>
            {
                if (context.Request.Path.Value!.EndsWith("/images/create", StringComparison.Ordinal))
                    asked.Add($"{context.Request.Query["fromImage"]} {context.Request.Query["tag"]}");
                return Task.CompletedTask;
            }
        );
        await app.StartAsync(TestContext.Current.CancellationToken);

        var differences = new List<string>();
        foreach (var name in Names.Where(name => !name.StartsWith('-') && !name.Contains('\0')))
        {
            asked.Clear();
            await DockerCommand.RunAt(socket, files.Path, "pull", "-q", name);
            var docker = asked.SingleOrDefault() ?? "refused";
            var own = ImageReference.TryParse(name, out _)?.WithDefaultTag() is { } read
                ? $"{read.FamiliarRepository} {read.Digest?.ToString() ?? read.Tag}"
                : "refused";
            if (docker != own)
                differences.Add($"{name}: docker {docker}, own {own}");
        }

        differences.Should().BeEmpty();
    }

    /// <summary>Docker's client lets it pass as a name without a registry, which its daemon then can't use.</summary>
    [Fact]
    public void A_registry_with_an_underscore_is_refused() =>
        ImageReference.TryParse("ho_st.com/a", out _).Should().BeNull();

    [Theory]
    [InlineData("a", "docker.io/library/a", "a:latest")]
    [InlineData("docker.io/library/a:1", "docker.io/library/a", "a:1")]
    [InlineData("index.docker.io/b/a:1", "docker.io/b/a", "b/a:1")]
    [InlineData("localhost/a", "localhost/a", "localhost/a:latest")]
    [InlineData("registry.example.com:5000/a/b:1", "registry.example.com:5000/a/b", "registry.example.com:5000/a/b:1")]
    [InlineData("docker.io/library/a/b:1", "docker.io/library/a/b", "library/a/b:1")]
    public void A_name_has_a_full_and_a_familiar_form(string name, string repository, string familiar)
    {
        var read = ImageReference.Parse(name).WithDefaultTag();

        read.Repository.Should().Be(repository);
        read.Familiar.Should().Be(familiar);
    }

    [Fact]
    public void Every_name_or_garbage_is_read_without_an_exception()
    {
        var random = new Random(7);
        const string letters = "aZ0._-/:@[]%\u0000 é\n";
        for (var i = 0; i < 20_000; i++)
        {
            ImageReference.TryParse(
                new string([.. Enumerable.Range(0, random.Next(40)).Select(_ => letters[random.Next(letters.Length)])]),
                out _
            );
        }
    }
}
