using CustomExecutor.Core.Sandbox;

namespace CustomExecutor.Core.Tests.Sandbox;

/// <summary>Only rights that the kernel supports are requested: it rejects a ruleset with any other.</summary>
public sealed class LandlockRightsSpecs
{
    [Theory]
    [InlineData(1, 0x1fff, 0, 8)]
    [InlineData(2, 0x3fff, 0, 8)]
    [InlineData(3, 0x7fff, 0, 8)]
    [InlineData(4, 0x7fff, 0, 16)]
    [InlineData(5, 0xffff, 0, 16)]
    [InlineData(6, 0xffff, 3, 24)]
    [InlineData(7, 0xffff, 3, 24)]
    [InlineData(8, 0xffff, 3, 24)]
    [InlineData(9, 0x1ffff, 3, 24)]
    [InlineData(12, 0x1ffff, 3, 24)]
    public void Each_ABI_restricts_more(int abi, int files, int scopes, int size)
    {
        var rights = new LandlockRights(abi);

        ((int)rights.Handled, (int)rights.Scoped, (int)rights.AttributeSize).Should().Be((files, scopes, size));
    }

    [Theory]
    [InlineData(SandboxAccess.Read, 0x000d)]
    [InlineData(SandboxAccess.Device, 0xc00e)]
    [InlineData(SandboxAccess.Full, 0xffff)]
    public void An_access_to_a_directory_has_these_bits(SandboxAccess access, int bits) =>
        ((int)new LandlockRights(7).Of(access, isDirectory: true)).Should().Be(bits);

    [Theory]
    [InlineData(SandboxAccess.Read, 0x0005)]
    [InlineData(SandboxAccess.Device, 0xc006)]
    [InlineData(SandboxAccess.Full, 0xc007)]
    public void An_access_to_a_file_has_no_bits_that_are_for_directories(SandboxAccess access, int bits) =>
        ((int)new LandlockRights(7).Of(access, isDirectory: false)).Should().Be(bits);

    [Theory]
    [InlineData(SandboxAccess.Read, true)]
    [InlineData(SandboxAccess.Device, false)]
    [InlineData(SandboxAccess.Full, true)]
    public void Sockets_are_granted_with_their_directories_if_the_kernel_restricts_them(
        SandboxAccess access,
        bool isGranted
    )
    {
        foreach (var isDirectory in (bool[])[true, false])
            (new LandlockRights(9).Of(access, isDirectory) >> 16).Should().Be(isGranted ? 1UL : 0UL);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(8)]
    public void No_access_has_a_bit_that_the_ABI_lacks(int abi)
    {
        var rights = new LandlockRights(abi);

        foreach (var access in Enum.GetValues<SandboxAccess>())
        {
            foreach (var isDirectory in (bool[])[true, false])
                (rights.Of(access, isDirectory) & ~rights.Handled).Should().Be(0);
        }
    }
}
