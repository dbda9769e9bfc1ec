using CustomExecutor.Core.Sandbox;

namespace CustomExecutor.Core.Tests.Sandbox;

/// <summary>What the admin opens is judged by the path as it is written, and by who can have put a link in its
/// way.</summary>
public sealed class AdminOpeningsSpecs
{
    private const string Home = "/home/runner";
    private const string Attempts = "/var/lib/attempts";

    [Theory]
    [InlineData("scriptSandbox.allow", "/srv/cache", "/srv/cache", Home)]
    [InlineData("scriptSandbox.allow", "/srv/cache", "/srv/cache", Home + "/.gitlab-runner")]
    [InlineData("scriptSandbox.allow", "/srv/cache", "/srv", Attempts + "/1/job")]
    [InlineData("docker.cliPluginsExtraDirs", "/opt/plugins", "/opt/plugins", Home + "/plugins")]
    [InlineData("PATH", "/opt/tools/bin", "/opt/tools", Home)]
    [InlineData("PATH", "/opt/tools/bin", "/opt/tools/bin", Attempts)]
    public void A_link_that_leads_into_something_hidden_is_refused_by_name(
        string source,
        string path,
        string link,
        string target
    )
    {
        var plan = Plan(Opening(source, path), (path, target, [link]));

        plan.Grants.Should().NotContain(grant => grant.Path == target);
        plan.Refused.Should()
            .ContainSingle()
            .Which.Message.Should()
            .StartWith($"{source}: {path} leads through a link to {target}, which is closed to scripts")
            .And.EndWith("Replace the link with a directory, or remove the entry.");
        plan.Refused.Single().IsOfSettings.Should().Be(source != "PATH");
    }

    [Theory]
    [InlineData("/var/tmp/ccache", "/var/tmp/ccache")]
    [InlineData("/var/tmp/ccache", "/var")]
    [InlineData("/tmp/tools/bin", "/tmp/tools")]
    [InlineData("/dev/shm/x", "/dev/shm/x")]
    public void What_lies_where_all_scripts_write_is_open_already_and_no_link_there_opens_more(string path, string link)
    {
        foreach (var target in (string[])[Home, "/", "/home/alice"])
        {
            var plan = Plan(Opening("scriptSandbox.allow", path), (path, target, [link]));

            plan.Grants.Should().Equal(Shared);
            plan.Refused.Should().BeEmpty("a script could make every job fail");
        }
    }

    [Theory]
    [InlineData("/srv/shared/bin", "/srv/shared/bin")]
    [InlineData("/srv/shared/a/b", "/srv/shared/a")]
    [InlineData("/data/bin", "/data/bin")]
    public void Nor_does_a_link_in_what_the_admin_lets_scripts_write(string path, string link)
    {
        // /srv/shared is a link of the admin's to /data.
        foreach (var target in (string[])[Home, "/", "/home/alice"])
        {
            var plan = Plan(
                [Opening("PATH", path), Opening("scriptSandbox.allow", "/srv/shared")],
                ("/srv/shared", "/data", ["/srv/shared"]),
                (path, target, [link])
            );

            plan.Grants.Should().Equal([.. Shared, new("/data", SandboxAccess.Full)]);
            plan.Refused.Should().BeEmpty();
        }
    }

    [Fact]
    public void The_order_of_the_entries_makes_no_difference()
    {
        var openings = new[]
        {
            Opening("scriptSandbox.allow", "/srv/shared/deep"),
            Opening("scriptSandbox.allow", "/srv/shared"),
        };
        foreach (var order in (SandboxOpening[][])[openings, [.. openings.Reverse()]])
        {
            Plan(
                order,
                ("/srv/shared", "/data", ["/srv/shared"]),
                ("/srv/shared/deep", "/", ["/srv/shared", "/data/deep"])
            )
                .Grants.Should()
                .Equal([.. Shared, new("/data", SandboxAccess.Full)]);
        }
    }

    [Fact]
    public void A_directory_of_scripts_under_its_other_name_opens_nothing_either()
    {
        var openings = new[]
        {
            Opening("scriptSandbox.allow", "/data/deep"),
            Opening("scriptSandbox.allow", "/srv/shared"),
        };

        Plan(openings, ("/srv/shared", "/data", ["/srv/shared"]), ("/data/deep", "/", ["/data/deep"]))
            .Grants.Should()
            .NotContain(grant => grant.Path == "/");
    }

    [Fact]
    public void A_link_elsewhere_that_leads_through_a_directory_of_scripts_is_not_followed() =>
        Plan(Opening("PATH", "/opt/tools"), ("/opt/tools", "/home/alice", ["/opt/tools", "/var/tmp/tools"]))
            .Grants.Should()
            .Equal(Shared);

    [Fact]
    public void Where_the_temporary_directory_is_closed_an_opening_in_it_is_granted_but_no_link_in_it_is_followed()
    {
        var policy = Policy([Opening("scriptSandbox.allow", "/tmp/cache")]) with { Hidden = ["/tmp/attempts"] };

        SandboxPlan
            .Of(policy, PathTrail.Straight, _ => [])
            .Grants.Should()
            .Contain(new SandboxGrant("/tmp/cache", SandboxAccess.Full));
        SandboxPlan
            .Of(policy, Follow(("/tmp/cache", "/home/alice", ["/tmp/cache"])), _ => [])
            .Grants.Should()
            .Equal(Shared.Where(grant => grant.Path != "/tmp"));
    }

    [Theory]
    [InlineData("/usr/local/tools/bin", "/opt/tools-1.2/bin", "/usr/local/tools")]
    [InlineData("/opt/current", "/opt/v2", "/opt/current")]
    public void An_admins_link_to_what_is_not_hidden_is_followed(string path, string target, string link) =>
        Plan(Opening("PATH", path), (path, target, [link]))
            .Grants.Should()
            .Equal([.. Shared, new(target, SandboxAccess.Read)]);

    [Fact]
    public void A_link_within_something_hidden_that_the_entry_names_stays_in_it() =>
        Plan(
            Opening("PATH", Home + "/node/current/bin"),
            (Home + "/node/current/bin", Home + "/node/v22/bin", [Home + "/node/current"])
        )
            .Grants.Should()
            .Equal([.. Shared, new(Home + "/node/v22/bin", SandboxAccess.Read)]);

    [Theory]
    [InlineData(Attempts + "/1/job")]
    [InlineData("/etc/gitlab-runner")]
    [InlineData(Home)]
    public void And_does_not_lead_into_something_else_that_is_hidden_nor_to_all_of_it(string target)
    {
        var plan = Plan(Opening("PATH", Home + "/bin"), (Home + "/bin", target, [Home + "/bin"]));

        plan.Grants.Should().Equal(Shared);
    }

    [Fact]
    public void A_home_that_is_reached_by_a_link_above_it_is_the_same_home() =>
        Plan(
            Opening("PATH", "/home/runner/bin"),
            ("/home/runner", "/data/home/runner", ["/home"]),
            ("/home/runner/bin", "/data/home/runner/bin", ["/home"])
        )
            .Grants.Should()
            .Equal([.. Shared, new("/data/home/runner/bin", SandboxAccess.Read)]);

    [Fact]
    public void What_the_admin_opens_in_something_hidden_stays_open_where_all_above_it_is_open_too() =>
        Plan([Opening("scriptSandbox.allow", "/home"), Opening("PATH", Home + "/bin")])
            .Grants.Should()
            .Contain(new SandboxGrant(Home + "/bin", SandboxAccess.Read));

    private static SandboxGrant[] Shared { get; } =
    [new("/tmp", SandboxAccess.Full), new("/var/tmp", SandboxAccess.Full), new("/dev/shm", SandboxAccess.Full)];

    private static SandboxOpening Opening(string source, string path) =>
        new(source, path, source == SandboxOpening.Allow ? SandboxAccess.Full : SandboxAccess.Read);

    private static SandboxPolicy Policy(IReadOnlyList<SandboxOpening> openings) =>
        new()
        {
            Own = [],
            Shared = Shared,
            Openings = openings,
            Hidden = [Home, Attempts, "/etc/gitlab-runner"],
        };

    private static SandboxPlan Plan(SandboxOpening opening, params (string Path, string End, string[] Links)[] links) =>
        Plan([opening], links);

    private static SandboxPlan Plan(
        IReadOnlyList<SandboxOpening> openings,
        params (string Path, string End, string[] Links)[] links
    ) => SandboxPlan.Of(Policy(openings), Follow(links), _ => []);

    private static Func<string, PathTrail> Follow(params (string Path, string End, string[] Links)[] links) =>
        path =>
            links.Where(link => link.Path == path).Select(link => new PathTrail(link.End, link.Links)).FirstOrDefault()
            ?? PathTrail.Straight(path);
}
