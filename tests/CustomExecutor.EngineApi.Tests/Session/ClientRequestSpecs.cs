using System.Net;

namespace CustomExecutor.EngineApi.Tests.Session;

/// <summary>
/// Questions as clients ask them that the tests don't have: the docker command line 28 and 29 (<c>client/</c> in moby)
/// and docker's Python package (<c>docker/api/image.py</c>).
/// </summary>
public sealed class ClientRequestSpecs
{
    private static readonly TestImage Image = TestImage.With("requests");

    public static TheoryData<string> Versions => ["", "v1.24/", "v1.35/", "v1.43/", "v1.45/", "v1.47/", "v1.51/"];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Every_version_gets_the_same_answers(string version)
    {
        using var engine = await Loaded("app:1");

        (await engine.Get($"{version}images/json")).AsArray().Should().ContainSingle();
        (await engine.Get($"{version}images/app:1/json"))["Id"]!.GetValue<string>().Should().Be(Image.Id);
        (await engine.Get($"{version}images/app:1/history")).AsArray().Should().HaveCount(3);
        (await engine.Get($"{version}version"))["ApiVersion"]!.GetValue<string>().Should().Be("1.47");
        (await engine.Get($"{version}containers/json?all=1&limit=-1&size=0&trunc_cmd=0")).AsArray().Should().BeEmpty();
    }

    [Theory]
    [InlineData("v1.51/images/json?shared-size=1&manifests=1&identity=1")]
    [InlineData("v1.51/images/json?filters=%7B%22reference%22%3A%7B%22app%3A1%22%3Atrue%7D%7D")]
    [InlineData("v1.45/images/json?only_ids=0&all=0&filters=%7B%22reference%22%3A+%5B%22app%3A1%22%5D%7D")]
    public async Task A_list_is_asked_for_with_options_of_newer_clients(string path)
    {
        using var engine = await Loaded("app:1");

        var image = (await engine.Get(path)).AsArray().Should().ContainSingle().Subject!;

        image["RepoTags"]!.AsArray().Select(name => name!.GetValue<string>()).Should().Equal("app:1");
        image["Created"]!.GetValue<long>().Should().BePositive();
    }

    [Theory]
    [InlineData("v1.51/images/app:1/json?manifests=1")]
    [InlineData("v1.47/images/docker.io/library/app:1/json")]
    [InlineData("v1.45/images/IMAGE/json")]
    public async Task An_image_is_asked_for_by_name_or_id(string path)
    {
        using var engine = await Loaded("app:1");

        var image = await engine.Get(path.Replace("IMAGE", Image.Id, StringComparison.Ordinal));

        image["Id"]!.GetValue<string>().Should().Be(Image.Id);
        image["RootFS"]!["Layers"]!.AsArray().Should().HaveCount(2);
        image["Os"]!.GetValue<string>().Should().Be("linux");
    }

    [Theory]
    [InlineData("v1.51/session")]
    [InlineData("v1.51/grpc")]
    [InlineData("grpc")]
    public async Task A_client_that_asks_for_BuildKit_in_the_daemon_gets_no_upgrade(string path)
    {
        using var engine = await Engine.Start();
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.ParseAdd("h2c");

        using var response = await engine.Client.SendAsync(request, TestContext.Current.CancellationToken);

        response.StatusCode.Should().Be(HttpStatusCode.NotImplemented);
        (await Engine.MessageOf(response)).Should().Contain("Leave the job's builder selected");
        (await engine.Names()).Should().BeEmpty();
    }

    [Fact]
    public async Task Info_has_what_clients_read_of_it()
    {
        using var engine = await Loaded("app:1");

        var info = await engine.Get("v1.51/info");

        info["Images"]!.GetValue<int>().Should().Be(1);
        info["OSType"]!.GetValue<string>().Should().Be("linux");
        info["NCPU"]!.GetValue<int>().Should().BePositive();
        info["MemTotal"]!.GetValue<long>().Should().BePositive();
        info["IndexServerAddress"]!.GetValue<string>().Should().Be("https://index.docker.io/v1/");
        foreach (var list in (string[])["DriverStatus", "SecurityOptions", "Labels", "Warnings"])
            info[list]!.GetValueKind().Should().Be(System.Text.Json.JsonValueKind.Array, list);
        foreach (var map in (string[])["Plugins", "RegistryConfig", "Swarm", "Runtimes"])
            info[map]!.GetValueKind().Should().Be(System.Text.Json.JsonValueKind.Object, map);
        foreach (var text in (string[])["ID", "Name", "ServerVersion", "Architecture", "KernelVersion", "Driver"])
            info[text]!.GetValue<string>().Should().NotBeEmpty(text);
    }

    private static async Task<Engine> Loaded(string name)
    {
        var engine = await Engine.Start();
        using var response = await engine.Load(Image.Archive(name));
        response.EnsureSuccessStatusCode();
        return engine;
    }
}
