using CustomExecutor.Core.Sandbox;

namespace CustomExecutor.Core.Tests.Sandbox;

/// <summary>
/// The admin's openings are checked by their path as written, and by who can have created links in it.
/// </summary>
public sealed class AdminOpeningsSpecs
{
    private const string Home = "/home/runner";
    private const string Attempts = "/var/lib/attempts";

    [Theory]
    [InlineData("scriptSandbox.allow", "/srv/cache", "/srv/cache", Home)]
    [InlineData("scriptSandbox.allow", "/srv/cache", "/srv/cache", Home + "/.gitlab-runner")]
    [InlineData("scriptSandbox.allow", "/srv/cache", "/srv", Attempts + "/1/job")]
    [InlineData("docker.cliPluginsExtraDirs", "/opt/plugins", "/opt/plugins", Home + "/plugins")]
    [InlineData("docker.engineApi", "/opt/driver/engine", "/opt/driver/engine", Home + "/engine")]
    [InlineData("PATH", "/opt/tools/bin", "/opt/tools", Home)]
    [InlineData("PATH", "/opt/tools/bin", "/opt/tools/bin", Attempts)]
    public void A_link_to_a_hidden_path_is_refused_by_name(string source, string path, string link, string target)
    {
        var plan = Plan(Opening(source, path), (path, target, [link]));

        plan.Grants.Should().NotContain(grant => grant.Path == target);
        plan.Refused.Should()
            .ContainSingle()
            .Which.Message.Should()
            .StartWith($"{source}: {path} leads through a link to {target}, which is closed to scripts")
            .And.EndWith("Replace the link with a directory, or remove the entry.");
        plan.Refused.Single().IsOfSettings.Should().Be(source is not ("PATH" or "docker.engineApi"));
    }

    [Theory]
    [InlineData("/var/tmp/ccache", "/var/tmp/ccache")]
    [InlineData("/var/tmp/ccache", "/var")]
    [InlineData("/tmp/tools/bin", "/tmp/tools")]
    [InlineData("/dev/shm/x", "/dev/shm/x")]
    public void A_path_in_a_shared_directory_is_already_open_and_links_there_open_nothing(string path, string link)
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
    public void A_link_in_a_directory_that_the_admin_opened_for_writing_opens_nothing(string path, string link)
    {
        // /srv/shared is the admin's link to /data.
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
    public void The_order_of_entries_does_not_matter()
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
    public void A_writable_directory_under_another_name_opens_nothing_either()
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
    public void A_link_elsewhere_that_leads_through_a_writable_directory_is_not_followed() =>
        Plan(Opening("PATH", "/opt/tools"), ("/opt/tools", "/home/alice", ["/opt/tools", "/var/tmp/tools"]))
            .Grants.Should()
            .Equal(Shared);

    [Fact]
    public void An_opening_in_a_closed_temporary_directory_is_granted_but_links_there_are_not_followed()
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
    public void An_admins_link_to_a_path_that_is_not_hidden_is_followed(string path, string target, string link) =>
        Plan(Opening("PATH", path), (path, target, [link]))
            .Grants.Should()
            .Equal([.. Shared, new(target, SandboxAccess.Read)]);

    [Fact]
    public void A_link_inside_the_hidden_path_of_the_entry_is_followed() =>
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
    public void A_link_from_one_hidden_path_to_another_or_to_the_whole_path_is_refused(string target)
    {
        var plan = Plan(Opening("PATH", Home + "/bin"), (Home + "/bin", target, [Home + "/bin"]));

        plan.Grants.Should().Equal(Shared);
    }

    [Fact]
    public void A_home_behind_a_link_is_the_same_home() =>
        Plan(
            Opening("PATH", "/home/runner/bin"),
            ("/home/runner", "/data/home/runner", ["/home"]),
            ("/home/runner/bin", "/data/home/runner/bin", ["/home"])
        )
            .Grants.Should()
            .Equal([.. Shared, new("/data/home/runner/bin", SandboxAccess.Read)]);

    [Fact]
    public void An_opening_inside_a_hidden_path_stays_open_if_its_parent_is_open_too() =>
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
