using CliWrap;
using CliWrap.Buffered;

namespace CustomExecutor.EndToEnd;

/// <summary>The program as it is handed out.</summary>
public sealed class PublishedBinarySpecs
{
    [Fact]
    public async Task It_is_one_file_that_needs_only_the_C_library()
    {
        var libraries = (
            await Cli.Wrap("ldd").WithArguments(Node.Driver).ExecuteBufferedAsync(TestContext.Current.CancellationToken)
        ).StandardOutput;

        libraries
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(l => l.Split('.', ' ')[0])
            .Should()
            .BeSubsetOf(["linux-vdso", "libm", "libc", "libdl", "libpthread", "librt", "/lib64/ld-linux-x86-64"]);
    }

    [Fact]
    public async Task Nothing_has_to_be_unpacked_at_each_start()
    {
        // 11 MB of JSON metadata in a section ".hydrated" would cost each start 11 ms: see the project file.
        var sections = (
            await Cli.Wrap("readelf")
                .WithArguments(["--wide", "--sections", Node.Driver])
                .ExecuteBufferedAsync(TestContext.Current.CancellationToken)
        ).StandardOutput;

        sections.Should().Contain(".text").And.NotContain("hydrated");
    }
}
