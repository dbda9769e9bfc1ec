using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace CustomExecutor.EngineApi.Tests.Parts;

/// <summary>The real program on a socket of its own. <c>CUSTOM_EXECUTOR_ENGINE_API</c> names a published one.</summary>
internal sealed class Engine : IDisposable
{
    private readonly TemporaryDirectory _files;
    private readonly bool _ownsFiles;

    private Engine(TemporaryDirectory files, bool ownsFiles, string[] arguments)
    {
        (_files, _ownsFiles) = (files, ownsFiles);
        Process = new ServedProcess(Program, ["--socket", Socket, "--store", Store, .. arguments]);
        Client = new HttpClient(new SocketsHttpHandler { ConnectCallback = Connect, MaxConnectionsPerServer = 2000 })
        {
            BaseAddress = new Uri("http://engine/"),
            Timeout = TimeSpan.FromMinutes(3),
        };
    }

    public static string Program { get; } =
        Environment.GetEnvironmentVariable("CUSTOM_EXECUTOR_ENGINE_API")
        ?? Path.Join(AppContext.BaseDirectory, "custom-executor-engine-api");

    public ServedProcess Process { get; }

    public HttpClient Client { get; }

    public string Socket => Path.Join(_files.Path, "docker.sock");

    public string Store => Path.Join(_files.Path, "store");

    public static Task<Engine> Start(params string[] arguments) =>
        Start(new TemporaryDirectory(), ownsFiles: true, arguments);

    /// <summary>With the files of the caller, which may be those of an earlier run.</summary>
    public static Task<Engine> StartIn(TemporaryDirectory files, params string[] arguments) =>
        Start(files, ownsFiles: false, arguments);

    public Task<HttpResponseMessage> Load(byte[] archive) => Load(new MemoryStream(archive));

    public async Task<HttpResponseMessage> Load(Stream archive) =>
        await Client.PostAsync(
            "v1.47/images/load?quiet=1",
            new StreamContent(archive),
            TestContext.Current.CancellationToken
        );

    /// <summary>The message of a failure.</summary>
    public static async Task<string> MessageOf(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))![
            "message"
        ]!.GetValue<string>();

    public async Task<JsonNode> Get(string path) =>
        (await Client.GetFromJsonAsync<JsonNode>(path, TestContext.Current.CancellationToken))!;

    /// <summary>Names of the images that it has.</summary>
    public async Task<IReadOnlyList<string>> Names() =>
        [
            .. (await Get("images/json"))
                .AsArray()
                .SelectMany(image => image!["RepoTags"]!.AsArray())
                .Select(name => name!.GetValue<string>())
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>Bytes in the store's files.</summary>
    public long StoredBytes =>
        new DirectoryInfo(Store)
            .EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(file => file.Name != "images.json")
            .Sum(file => file.Length);

    public void Dispose()
    {
        Client.Dispose();
        Process.Dispose();
        if (_ownsFiles)
            _files.Dispose();
    }

    private static async Task<Engine> Start(TemporaryDirectory files, bool ownsFiles, string[] arguments)
    {
        var engine = new Engine(files, ownsFiles, arguments);
        await Eventually.True(
            () =>
                engine.Process.HasExited
                    ? throw new InvalidOperationException(engine.Process.Log)
                    : engine.Process.Log.Contains("listening", StringComparison.Ordinal),
            "the program listens"
        );
        return engine;
    }

    private async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Socket), cancellation);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
