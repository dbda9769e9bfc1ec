using CustomExecutor.Host.Files;

namespace CustomExecutor.Tests.Host.Files;

/// <summary>Trees that take long to remove; in a class of their own, so that others do not wait for them.</summary>
public sealed class LargeTreeSpecs : IAsyncLifetime
{
    private HostileTree _tree = null!;

    public async ValueTask InitializeAsync() => _tree = await HostileTree.Create();

    [Theory]
    [InlineData("deep", "2000")]
    [InlineData("deep", "100000")]
    [InlineData("many", "100000")]
    public async Task I_can_remove_deep_and_large_trees(string kind, string count)
    {
        await _tree.Make(kind, count, _tree.Top);

        DirectoryRemoval.Remove(_tree.Top);

        _tree.Exists.Should().BeFalse();
    }

    public ValueTask DisposeAsync()
    {
        _tree.Dispose();
        return ValueTask.CompletedTask;
    }
}
