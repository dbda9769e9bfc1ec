using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Settings;
using CustomExecutor.Core.Tests.Gc;

namespace CustomExecutor.Core.Tests.Attempt;

/// <summary>What a record keeps of the settings, for a cleanup that can't read them any more.</summary>
public sealed class KeptRecordSpecs
{
    private static readonly AttemptRecord Record = GcFixtures.Sound with
    {
        Instance = "our-gitlab",
        Kubeconfig = "/etc/kubeconfig",
        Context = "builders",
    };

    [Fact]
    public void Cleanup_gets_back_the_settings_that_it_needs()
    {
        var parsed = Parsed(Record);

        parsed
            .Cluster.Should()
            .Be(
                new KubernetesSettings
                {
                    Kubeconfig = "/etc/kubeconfig",
                    Context = "builders",
                    Namespace = "gitlab-builders",
                }
            );
        (parsed.Instance, parsed.WorkspaceRoot).Should().Be(("our-gitlab", "/srv/workspaces"));
    }

    [Theory]
    [InlineData("a,b=c", "/srv/workspaces", null)]
    [InlineData("gitlab", "workspaces", null)]
    [InlineData("gitlab", "/srv/../etc", null)]
    [InlineData("gitlab", "/srv", "kubeconfig")]
    [InlineData(null, "/srv", null)]
    [InlineData("gitlab", null, null)]
    public void A_script_that_edits_them_steers_nothing(string? instance, string? root, string? kubeconfig)
    {
        var parse = () => Parsed(Record with { Instance = instance!, WorkspaceRoot = root!, Kubeconfig = kubeconfig });

        parse.Should().Throw<DriverException>().WithMessage("*it is not used*");
    }

    [Fact]
    public void A_record_without_them_has_the_clusters_own_defaults() =>
        Parsed(Record with { Kubeconfig = null, Context = null })
            .Cluster.Should()
            .Be(new KubernetesSettings { Namespace = "gitlab-builders" });

    private static AttemptRecord Parsed(AttemptRecord record) =>
        RecordReader.Parse(record.ToJson(), "The record", record.Name);
}
