using CustomExecutor.Core;
using CustomExecutor.Host.Files;

namespace CustomExecutor.Tests.Host.Files;

/// <summary>A tree is removed while a program changes it.</summary>
public sealed class RacedRemovalSpecs : IAsyncLifetime
{
    private HostileTree _tree = null!;

    public async ValueTask InitializeAsync() => _tree = await HostileTree.Create();

    [Theory]
    [InlineData("swap")]
    [InlineData("move")]
    public async Task Directories_that_are_swapped_for_links_or_moved_away_meanwhile_lead_it_nowhere(string attack)
    {
        for (var round = 0; round < 20; round++)
        {
            Directory.CreateDirectory(_tree.Top);
            await _tree.Script("mkdir -p {0..39}/a/b; touch {0..39}/{a,a/b}/{1..5}");
            _tree.Attack(attack, _tree.Top, attack == "swap" ? _tree.Outside : _tree.Elsewhere);

            TryToRemove();
            _tree.EndAttacks();
            DirectoryRemoval.Remove(_tree.Top);

            _tree.OutsideShouldBeWhole();
        }
    }

    [Fact]
    public void A_script_that_goes_on_writing_can_not_keep_it_from_ending()
    {
        _tree.Attack("fill", _tree.Top);
        _tree.Attack("fill", _tree.Top);

        if (!TryToRemove())
            _tree.Exists.Should().BeTrue();
        else
            _tree.Exists.Should().BeFalse();
    }

    public ValueTask DisposeAsync()
    {
        _tree.Dispose();
        return ValueTask.CompletedTask;
    }

    private bool TryToRemove()
    {
        try
        {
            DirectoryRemoval.Remove(_tree.Top);
            return true;
        }
        catch (DriverException)
        {
            return false;
        }
    }
}
