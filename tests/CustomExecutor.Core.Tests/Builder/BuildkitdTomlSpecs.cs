using CustomExecutor.Core.Builder;

namespace CustomExecutor.Core.Tests.Builder;

public sealed class BuildkitdTomlSpecs
{
    [Theory]
    [InlineData("20Gi", "16384MiB")]
    [InlineData("10G", "7629MiB")]
    [InlineData("2Ti", "1677721MiB")]
    [InlineData("1073741824", "819MiB")]
    [InlineData("1e9", "762MiB")]
    [InlineData("1", "1MiB")]
    public void The_cache_gets_four_fifths_of_the_volume_in_the_units_of_BuildKit(string limit, string size) =>
        BuildkitdToml.For(limit).Should().Be($"[worker.oci]\n  gc = true\n  maxUsedSpace = \"{size}\"\n");
}
