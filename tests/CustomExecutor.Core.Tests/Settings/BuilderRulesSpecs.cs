using System.Globalization;
using CustomExecutor.Core.Builder;
using k8s.Models;

namespace CustomExecutor.Core.Tests.Settings;

public sealed class BuilderRulesSpecs
{
    [Theory]
    [InlineData("")]
    [InlineData("moby/buildkit rootless")]
    [InlineData("moby/buildkit\\n")]
    public void An_invalid_image_is_a_mistake(string image) =>
        SettingsText
            .MistakesOf(Builder($"'image': '{image}'"))
            .Should()
            .ContainSingle()
            .Which.Should()
            .StartWith("builder.image: ");

    [Theory]
    [InlineData(
        "'imagePullSecrets': ['ok', 'Not_ok']",
        "builder.imagePullSecrets[1]: \"Not_ok\" is not a valid secret name*"
    )]
    [InlineData("'imagePullSecrets': ['']", "builder.imagePullSecrets[0]: \"\" is not a valid secret name*")]
    [InlineData("'nodeSelector': { 'a b': 'c' }", "builder.nodeSelector[\"a b\"]: \"a b\" is not a valid label key*")]
    [InlineData("'nodeSelector': { '': 'c' }", "builder.nodeSelector[\"\"]: \"\" is not a valid label key*")]
    [InlineData(
        "'nodeSelector': { 'a/b/c': 'd' }",
        "builder.nodeSelector[\"a/b/c\"]: \"a/b/c\" is not a valid label key*"
    )]
    [InlineData("'nodeSelector': { 'a': 'b/c' }", "builder.nodeSelector.a: \"b/c\" is not a valid label value*")]
    [InlineData("'prepareTimeoutSeconds': 0", "builder.prepareTimeoutSeconds: 0 is not between 1 and 86400 seconds")]
    [InlineData(
        "'prepareTimeoutSeconds': 86401",
        "builder.prepareTimeoutSeconds: 86401 is not between 1 and 86400 seconds"
    )]
    [InlineData("'tolerations': [{}]", "builder.tolerations[0].operator: without a key it must be Exists*")]
    [InlineData(
        "'tolerations': [{ 'key': 'k', 'operator': 'Exists', 'value': 'v' }]",
        "builder.tolerations[0].value: \"v\" is ignored with operator Exists*"
    )]
    [InlineData("'tolerations': [{ 'key': 'k!' }]", "builder.tolerations[0].key: \"k!\" is not a valid taint key*")]
    [InlineData(
        "'tolerations': [{ 'key': 'k', 'value': 'v!' }]",
        "builder.tolerations[0].value: \"v!\" is not a valid taint value*"
    )]
    [InlineData(
        "'tolerations': [{ 'key': 'k', 'tolerationSeconds': 1 }]",
        "builder.tolerations[0].tolerationSeconds: it needs effect NoExecute*"
    )]
    public void Settings_that_the_API_server_would_refuse_are_mistakes(string keys, string mistake) =>
        SettingsText.MistakesOf(Builder(keys)).Should().ContainSingle().Which.Should().Match(mistake);

    [Theory]
    [InlineData("--addr")]
    [InlineData("--addr=tcp://0.0.0.0:1")]
    [InlineData("--addr tcp://0.0.0.0:1")]
    [InlineData("-addr")]
    [InlineData("--tlscacert=")]
    [InlineData("--tlscert")]
    [InlineData("--tlskey")]
    [InlineData("--config=/etc/b.toml")]
    public void A_flag_that_the_driver_sets_itself_is_a_mistake(string flag) =>
        SettingsText
            .MistakesOf(Builder($"'buildkitdFlags': ['--debug', '{flag}']"))
            .Should()
            .ContainSingle()
            .Which.Should()
            .StartWith("builder.buildkitdFlags[1]: ")
            .And.Contain("is set by the driver");

    [Theory]
    [InlineData("", "is not a flag")]
    [InlineData("--debug --trace", "has a space; put the flag and its value into separate entries")]
    [InlineData("--debug\\u0000", "has a control character")]
    public void An_invalid_flag_of_buildkitd_is_a_mistake(string flag, string mistake) =>
        SettingsText
            .MistakesOf(Builder($"'buildkitdFlags': ['{flag}']"))
            .Should()
            .ContainSingle()
            .Which.Should()
            .Contain(mistake);

    [Fact]
    public void Other_flags_and_values_are_accepted() =>
        SettingsText
            .Read(Builder("'buildkitdFlags': ['--debug', '--oci-worker-net', 'config', '--oci-worker-labels=a=b c']"))
            .Builder.BuildkitdFlags.Should()
            .HaveCount(4);

    [Theory]
    [InlineData("4Gb")]
    [InlineData("4gi")]
    [InlineData("4 Gi")]
    [InlineData(" 4Gi")]
    [InlineData("1,5Gi")]
    [InlineData("1/2")]
    [InlineData("1.2.3")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("Gi")]
    [InlineData("NaN")]
    [InlineData("1e")]
    [InlineData("1e400")]
    [InlineData("1e9999999999")]
    [InlineData("8Ei")]
    [InlineData("0x10")]
    [InlineData("١")]
    public void An_invalid_quantity_is_a_mistake(string quantity) =>
        SettingsText
            .MistakesOf(
                Builder(
                    $"'stateSizeLimit': '{quantity}', 'resources': {{ 'limits': {{ 'cpu': '{quantity}', 'memory': "
                        + $"'{quantity}' }} }}"
                )
            )
            .Should()
            .Equal(
                $"builder.resources.limits.cpu: \"{quantity}\" is not a Kubernetes quantity (like 500m, 4Gi)",
                $"builder.resources.limits.memory: \"{quantity}\" is not a Kubernetes quantity (like 500m, 4Gi)",
                $"builder.stateSizeLimit: \"{quantity}\" is not a Kubernetes quantity (like 500m, 4Gi)"
            );

    [Theory]
    [InlineData("4Gi", 4L << 30)]
    [InlineData("+1.5Gi", 3L << 29)]
    [InlineData("00004000000", 4_000_000)]
    [InlineData("1e7", 10_000_000)]
    [InlineData("1E+7", 10_000_000)]
    [InlineData("20000000000e-3", 20_000_000)]
    [InlineData("1E", 1_000_000_000_000_000_000)]
    [InlineData("5000000.", 5_000_000)]
    [InlineData("9000000000m", 9_000_000)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void A_valid_quantity_is_passed_to_the_builder(string quantity, long bytes)
    {
        var settings = SettingsText.Read(Builder($"'stateSizeLimit': '{quantity}'"));

        new ResourceQuantity(settings.Builder.StateSizeLimit).ToDecimal().Should().Be(bytes);
        BuildkitdToml
            .For(settings.Builder.StateSizeLimit)
            .Should()
            .Contain(string.Create(CultureInfo.InvariantCulture, $"\"{(long)(bytes * 0.8m / (1024 * 1024))}MiB\""));
    }

    [Fact]
    public void A_valid_quantity_never_makes_the_builder_fail_later()
    {
        var chance = new Random(30);
        const string letters = "0123456789000111.eE+-numkKMGTPi";
        var taken = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var quantity = string.Concat(
                Enumerable.Range(0, chance.Next(1, 7)).Select(_ => letters[chance.Next(letters.Length)])
            );
            try
            {
                SettingsText.Read(Builder($"'stateSizeLimit': '{quantity}'"));
            }
            catch (DriverException)
            {
                continue;
            }

            taken++;
            new ResourceQuantity(quantity).ToDecimal().Should().BeGreaterThanOrEqualTo(1 << 20, quantity);
        }

        taken.Should().BeGreaterThan(50);
    }

    [Theory]
    [InlineData("'limits': { 'cpu': '0' }", "builder.resources.limits.cpu: \"0\" must be greater than 0")]
    [InlineData("'limits': { 'cpu': '-1' }", "builder.resources.limits.cpu: \"-1\" must be greater than 0")]
    [InlineData(
        "'requests': { 'cpu': '4001m' }",
        "builder.resources.requests.cpu: \"4001m\" is more than builder.resources.limits.cpu, \"4\"; lower it or "
            + "raise the limit"
    )]
    [InlineData(
        "'limits': { 'cpu': '200m' }",
        "builder.resources.requests.cpu: \"500m\" (which is the default too) is more than "
            + "builder.resources.limits.cpu, \"200m\"; lower it or raise the limit"
    )]
    [InlineData(
        "'limits': { 'memory': '512m' }, 'requests': {}",
        "builder.resources.limits.memory: \"512m\" is only 0.512 bytes; give it a unit like Mi or Gi"
    )]
    [InlineData(
        "'limits': { 'memory': '4' }, 'requests': {}",
        "builder.resources.limits.memory: \"4\" is only 4 bytes; give it a unit like Mi or Gi"
    )]
    [InlineData(
        "'limits': { 'memmory': '4Gi' }",
        "builder.resources.limits.memmory: unknown resource; did you mean memory?"
    )]
    [InlineData(
        "'limits': { 'disk': '4Gi' }",
        "builder.resources.limits.disk: unknown resource; Kubernetes has cpu, memory, ephemeral-storage, "
            + "hugepages-SIZE and names with a /"
    )]
    [InlineData("'limits': { '': '4Gi' }", "builder.resources.limits[\"\"]: a resource has no name")]
    [InlineData(
        "'limits': { 'a b': '4Gi' }",
        "builder.resources.limits[\"a b\"]: \"a b\" is not a valid resource name"
    )]
    public void Impossible_resources_are_a_mistake(string keys, string mistake) =>
        SettingsText.MistakesOf(Builder($"'resources': {{ {keys} }}")).Should().Equal(mistake);

    [Fact]
    public void Equal_amounts_are_equal_however_they_are_written() =>
        SettingsText
            .Read(
                Builder(
                    "'resources': { 'requests': { 'cpu': '2', 'memory': '1Gi', 'example.com/disk': '1' }, "
                        + "'limits': { 'cpu': '2000m', 'memory': '1024Mi' } }"
                )
            )
            .Should()
            .NotBeNull();

    private static string Builder(string keys) => $"{{ 'builder': {{ {keys} }} }}";
}
