using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Settings;

namespace CustomExecutor.Core.Tests.Attempt;

public sealed class KeptSettingsSpecs
{
    private static readonly DriverSettings Settings = new()
    {
        Instance = "our-gitlab",
        Kubernetes = new KubernetesSettings
        {
            Kubeconfig = "/etc/kubeconfig",
            Context = "builders",
            Namespace = "builders",
        },
        Workspace = new WorkspaceSettings { Root = "/srv/workspaces" },
    };

    [Fact]
    public void Cleanup_gets_back_the_settings_that_it_needs()
    {
        var state = Parsed(KeptSettings.Of(Settings));

        state.Kept!.ToSettings(state.Namespace).Should().BeEquivalentTo(Settings);
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
        var parse = () =>
            Parsed(
                new KeptSettings
                {
                    Instance = instance!,
                    WorkspaceRoot = root!,
                    Kubeconfig = kubeconfig,
                }
            );

        parse.Should().Throw<DriverException>().WithMessage("*it is not used*");
    }

    [Fact]
    public void A_state_of_an_older_driver_has_none() => Parsed(null).Kept.Should().BeNull();

    private static AttemptState Parsed(KeptSettings? kept) =>
        AttemptState.Parse(
            new AttemptState
            {
                JobId = 7,
                Namespace = "builders",
                Builder = "k8s-builder-7-b",
                Kept = kept,
            }.ToJson(),
            "state.json",
            7
        );
}
