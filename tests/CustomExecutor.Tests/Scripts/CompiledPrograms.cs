using CliWrap;
using CliWrap.Buffered;
using CustomExecutor.Testing.Preload;

namespace CustomExecutor.Tests.Scripts;

/// <summary>The C programs of these specs, compiled.</summary>
public sealed class CompiledPrograms : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();

    /// <summary>Forks and exits again and again (comet.c).</summary>
    public string Comet => Path.Combine(_directory.Path, "comet");

    /// <summary>Makes system calls on another process (calls.c).</summary>
    public string Calls => Path.Combine(_directory.Path, "calls");

    /// <summary>Preloaded into the driver: SIGKILL has no effect (unkillable.c).</summary>
    public string Unkillable => Path.Combine(_directory.Path, "unkillable.so");

    internal TemporaryDirectory Directory => _directory;

    public async ValueTask InitializeAsync()
    {
        await PreloadedLibrary.Make("unkillable.c", Unkillable);
        foreach (var program in (string[])[Comet, Calls])
        {
            await Cli.Wrap("gcc")
                .WithArguments([
                    "-O1",
                    "-o",
                    program,
                    Path.Combine(AppContext.BaseDirectory, Path.GetFileName(program) + ".c"),
                ])
                .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
        }
    }

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }
}
