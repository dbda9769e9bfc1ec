using CliWrap;
using CliWrap.Buffered;

namespace CustomExecutor.Testing.Preload;

/// <summary>A C file of the tests as a library for LD_PRELOAD.</summary>
internal static class PreloadedLibrary
{
    /// <summary>Compiles it.</summary>
    /// <param name="source">The file's name; it lies beside the tests' program.</param>
    /// <param name="library">Where the library goes.</param>
    public static async Task Make(string source, string library) =>
        await Cli.Wrap("gcc")
            .WithArguments(["-shared", "-fPIC", "-O1", "-o", library, Path.Combine(AppContext.BaseDirectory, source)])
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
}
