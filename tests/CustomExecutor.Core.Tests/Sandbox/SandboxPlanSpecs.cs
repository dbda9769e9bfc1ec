using CustomExecutor.Core.Sandbox;

namespace CustomExecutor.Core.Tests.Sandbox;

/// <summary>Converts granted and hidden paths to grants of whole hierarchies.</summary>
public sealed class SandboxPlanSpecs
{
    private static readonly SandboxPolicy Nothing = new()
    {
        Own = [],
        Shared = [],
        Openings = [],
        Hidden = [],
    };

    [Fact]
    public void A_directory_without_hidden_paths_is_granted_as_a_whole() =>
        Grants(Nothing with { Shared = [Read("/usr")] }).Should().Equal(Read("/usr"));

    [Fact]
    public void A_directory_with_a_hidden_path_is_granted_entry_by_entry_without_it() =>
        Grants(
                Nothing with
                {
                    Shared = [Read("/etc")],
                    Hidden = ["/etc/gitlab-runner"],
                },
                "/etc/ssl",
                "/etc/gitlab-runner",
                "/etc/passwd"
            )
            .Should()
            .Equal(Read("/etc/ssl"), Read("/etc/passwd"));

    [Fact]
    public void A_deeper_hidden_path_only_expands_the_directories_above_it() =>
        Grants(
                Nothing with
                {
                    Shared = [Read("/opt")],
                    Hidden = ["/opt/runner/conf/key"],
                },
                "/opt/runner",
                "/opt/tools",
                "/opt/runner/bin",
                "/opt/runner/conf",
                "/opt/runner/conf/key",
                "/opt/runner/conf/ca"
            )
            .Should()
            .BeEquivalentTo([Read("/opt/tools"), Read("/opt/runner/bin"), Read("/opt/runner/conf/ca")]);

    [Fact]
    public void A_name_with_a_hidden_name_as_prefix_is_not_hidden() =>
        Grants(Nothing with { Shared = [Read("/opt/runner-tools")], Hidden = ["/opt/runner"] })
            .Should()
            .Equal(Read("/opt/runner-tools"));

    [Fact]
    public void A_directory_inside_a_hidden_one_is_not_granted() =>
        Grants(Nothing with { Shared = [Read("/usr")], Hidden = ["/usr"] }).Should().BeEmpty();

    [Fact]
    public void The_jobs_own_files_are_always_granted() =>
        Grants(Nothing with { Own = [Full("/attempts/1/job")], Hidden = ["/attempts"] })
            .Should()
            .Equal(Full("/attempts/1/job"));

    [Theory]
    [InlineData("/tmp")]
    [InlineData("/tmp/runner")]
    public void A_world_writable_directory_with_a_hidden_path_is_closed(string hidden)
    {
        var plan = SandboxPlan.Of(
            Nothing with
            {
                Own = [Full("/tmp/runner/1/job")],
                Shared = [Full("/tmp"), Full("/var/tmp")],
                Hidden = [hidden],
            },
            PathTrail.Straight,
            _ => ["runner", "x"]
        );

        plan.Grants.Should().Equal(Full("/tmp/runner/1/job"), Full("/var/tmp"));
        plan.Closed.Should().Equal("/tmp");
    }

    [Fact]
    public void An_opening_inside_a_hidden_path_is_granted() =>
        Grants(
                Nothing with
                {
                    Openings = [Opening(SandboxOpening.Variable, SandboxAccess.Read, "/home/runner/bin")],
                    Hidden = ["/home/runner"],
                }
            )
            .Should()
            .Equal(Read("/home/runner/bin"));

    [Theory]
    [InlineData("/var/lib")]
    [InlineData("/var/lib/workspaces")]
    public void An_opening_does_not_open_hidden_paths_in_it(string allowed) =>
        Grants(
                Nothing with
                {
                    Openings = [Opening(SandboxOpening.Allow, SandboxAccess.Full, allowed)],
                    Hidden = ["/var/lib/workspaces"],
                },
                "/var/lib/workspaces",
                "/var/lib/tools"
            )
            .Should()
            .Equal(allowed == "/var/lib" ? [Full("/var/lib/tools")] : []);

    [Fact]
    public void The_whole_host_can_be_opened_except_hidden_paths() =>
        Grants(
                Nothing with
                {
                    Openings = [Opening(SandboxOpening.Allow, SandboxAccess.Full, "/")],
                    Hidden = ["/home/runner"],
                },
                "/usr",
                "/home",
                "/home/runner",
                "/home/other"
            )
            .Should()
            .Equal(Full("/usr"), Full("/home/other"));

    [Fact]
    public void Links_are_followed_before_paths_are_compared()
    {
        // /bin is a link to /usr/bin, and the settings are a link to a file in a system directory.
        PathTrail Follow(string path) =>
            path switch
            {
                "/bin" => new PathTrail("/usr/bin", ["/bin"]),
                "/settings" => new PathTrail("/usr/share/settings", ["/settings"]),
                _ => PathTrail.Straight(path),
            };

        var plan = SandboxPlan.Of(
            Nothing with
            {
                Shared = [Read("/bin"), Read("/usr")],
                Hidden = ["/settings"],
            },
            Follow,
            path => path == "/usr" ? ["bin", "share"] : ["settings", "doc"]
        );

        plan.Grants.Should().Equal(Read("/usr/bin"), Read("/usr/share/doc"));
    }

    [Fact]
    public void A_grant_that_another_one_covers_is_omitted() =>
        Grants(
                Nothing with
                {
                    Own = [Full("/w")],
                    Shared = [Read("/usr"), Read("/usr/bin"), Read("/w/bin"), Full("/usr/tmp")],
                }
            )
            .Should()
            .Equal(Full("/w"), Read("/usr"), Full("/usr/tmp"));

    [Fact]
    public void The_greater_of_two_accesses_to_one_path_wins() =>
        Grants(
                Nothing with
                {
                    Own = [Full("/opt/x")],
                    Openings = [Opening(SandboxOpening.Variable, SandboxAccess.Read, "/opt/x")],
                }
            )
            .Should()
            .Equal(Full("/opt/x"));

    private static SandboxOpening Opening(string source, SandboxAccess access, string path) =>
        new(source, path, access);

    private static SandboxGrant Read(string path) => new(path, SandboxAccess.Read);

    private static SandboxGrant Full(string path) => new(path, SandboxAccess.Full);

    private static IReadOnlyList<SandboxGrant> Grants(SandboxPolicy policy, params string[] host) =>
        SandboxPlan
            .Of(
                policy,
                PathTrail.Straight,
                directory =>
                    host.Where(path => path[..Math.Max(path.LastIndexOf('/'), 1)] == directory)
                        .Select(path => path[(path.LastIndexOf('/') + 1)..])
            )
            .Grants;
}
