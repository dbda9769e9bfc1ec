namespace CustomExecutor.EngineApi.Tests.CommandTable;

/// <summary>What the rows share: a registry with an image that nobody has pulled yet, and a builder.</summary>
public sealed class CommandTableParts : IAsyncLifetime
{
    private static readonly TestImage Image = TestImage.With("table");
    private RealRegistry? _registry;
    private BuilderForImages? _builder;

    public async ValueTask InitializeAsync()
    {
        _registry = await RealRegistry.Start();
        await _registry.Put("pulled", "1", Image);
        _builder = await BuilderForImages.Start();
    }

    /// <summary>A shell as in a job, with a socket, a store and a directory of its own.</summary>
    internal async Task<JobShell> Shell()
    {
        var image = $"{_registry!.Address}/app:1";
        var engine = await Engine.Start();
        using var loaded = await engine.Load(Image.Archive(image));
        loaded.EnsureSuccessStatusCode();
        return new JobShell(engine, _builder!, _registry.Address, image);
    }

    public ValueTask DisposeAsync()
    {
        _builder?.Dispose();
        _registry?.Dispose();
        return ValueTask.CompletedTask;
    }
}
