using CustomExecutor.Core.Kubernetes;

namespace CustomExecutor.Core.Tests.Kubernetes;

public sealed class ServerVersionSpecs
{
    [Theory]
    [InlineData("1", "36", 1, 36)]
    [InlineData("1", "29+", 1, 29)]
    [InlineData("1", "30-eks.1", 1, 30)]
    [InlineData("", "", 0, 0)]
    [InlineData("v1", "x", 0, 0)]
    [InlineData("1", "99999999999", 1, 0)]
    [InlineData("1", "-30", 1, 0)]
    [InlineData("1", "٣٠", 1, 0)]
    public void A_version_is_read_as_vendors_write_it(string major, string minor, int readMajor, int readMinor) =>
        ServerVersion.Parse(major, minor).Should().Be(new ServerVersion(readMajor, readMinor));

    [Theory]
    [InlineData(1, 29, false)]
    [InlineData(1, 30, true)]
    [InlineData(1, 36, true)]
    [InlineData(2, 0, true)]
    [InlineData(0, 99, false)]
    public void The_AppArmor_field_is_there_from_1_30_on(int major, int minor, bool has) =>
        new ServerVersion(major, minor).HasAppArmorField.Should().Be(has);
}
