using CustomExecutor.Core.Sandbox;

namespace CustomExecutor.Core.Tests.Sandbox;

/// <summary>From what may be reached and what not to grants of whole hierarchies.</summary>
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
    public void A_directory_in_which_nothing_is_hidden_is_granted_whole() =>
        Grants(Nothing with { Shared = [Read("/usr")] }).Should().Equal(Read("/usr"));

    [Fact]
    public void A_directory_in_which_something_is_hidden_is_granted_entry_by_entry_but_for_that() =>
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
    public void What_is_hidden_deeper_down_costs_one_more_level_only_on_its_way() =>
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
    public void A_name_that_only_begins_like_a_hidden_one_is_another() =>
        Grants(Nothing with { Shared = [Read("/opt/runner-tools")], Hidden = ["/opt/runner"] })
            .Should()
            .Equal(Read("/opt/runner-tools"));

    [Fact]
    public void A_directory_within_a_hidden_one_is_not_granted() =>
        Grants(Nothing with { Shared = [Read("/usr")], Hidden = ["/usr"] }).Should().BeEmpty();

    [Fact]
    public void The_jobs_own_files_are_granted_wherever_they_lie() =>
        Grants(Nothing with { Own = [Full("/attempts/1/job")], Hidden = ["/attempts"] })
            .Should()
            .Equal(Full("/attempts/1/job"));

    [Theory]
    [InlineData("/tmp")]
    [InlineData("/tmp/runner")]
    public void Where_everybody_may_write_all_is_closed_if_anything_in_it_is_hidden(string hidden)
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
    public void What_the_admin_allows_within_something_hidden_is_meant() =>
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
    public void What_the_admin_allows_does_not_open_what_is_hidden_in_it(string allowed) =>
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
    public void The_whole_host_can_be_allowed_but_for_what_is_hidden() =>
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
    public void Links_are_followed_before_anything_is_compared()
    {
        // /bin leads to /usr/bin, and the settings are a link to a file among the system's.
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
    public void A_grant_that_another_one_covers_is_left_out() =>
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
    public void Of_two_accesses_to_one_path_the_greater_holds() =>
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
