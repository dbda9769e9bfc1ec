using CustomExecutor.Core.JobPod;
using CustomExecutor.Core.Runner;

namespace CustomExecutor.Core.Tests.JobPod;

public sealed class ServiceLogSpecs
{
    private const string First = "2026-01-01T00:00:00.000000001Z";
    private const string Second = "2026-01-01T00:00:00.000000002Z";
    private const string Later = "2026-01-01T00:00:05.000000000Z";

    [Theory]
    [InlineData("true", true)]
    [InlineData("1", true)]
    [InlineData("T", true)]
    [InlineData("TRUE", true)]
    [InlineData("$DEBUG", true)]
    [InlineData("tRUE", false)]
    [InlineData("false", false)]
    [InlineData("yes", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void The_jobs_variable_asks_for_the_logs_as_GitLab_Runner_reads_it(string? value, bool isWanted) =>
        Shown([new JobImage("redis")], new("CI_DEBUG_SERVICES", "false"), new("CI_DEBUG_SERVICES", value))
            .Should()
            .HaveCount(isWanted ? 1 : 0);

    [Fact]
    public void Without_the_variable_none_is_shown() => Shown([new JobImage("redis")]).Should().BeEmpty();

    [Fact]
    public void A_service_is_named_by_image_and_aliases_and_a_Docker_daemon_has_no_container() =>
        Shown(
                [
                    new JobImage("docker:27-dind"),
                    new JobImage("postgres:17", "db, pg"),
                    new JobImage("registry.example.com:5000/redis:8@sha256:00"),
                ],
                new JobVariable("CI_DEBUG_SERVICES", "true")
            )
            .Should()
            .Equal(("svc-0", "postgres-db-pg"), ("svc-1", "registry.example.com/redis"));

    [Fact]
    public void Each_line_is_shown_once_in_whichever_stage()
    {
        var log = new ServiceLog("postgres-db", null);

        log.New($"{First} starting\n").Should().Equal("[service:postgres-db] starting");
        log.New($"{First} starting\n{Second} ready\n").Should().Equal("[service:postgres-db] ready");
        NextStage(log).New($"{First} starting\n{Second} ready\n").Should().BeEmpty();
        NextStage(log).New($"{Second} ready\n{Later} ends\n").Should().Equal("[service:later] ends");
    }

    [Fact]
    public void Lines_with_one_time_and_lines_out_of_order_are_not_lost()
    {
        var log = new ServiceLog("a", null);

        log.New($"{Second} x\n").Should().Equal("[service:a] x");
        log.New($"{Second} x\n{Second} y\n").Should().Equal("[service:a] y");
        log.New($"{Second} x\n{Second} y\n{First} z\n").Should().Equal("[service:a] z");
        NextStage(log).New($"{Second} x\n{Second} y\n{First} z\n").Should().BeEmpty();
    }

    [Fact]
    public void Behind_a_rotated_log_it_goes_on_by_time()
    {
        var log = new ServiceLog("a", null);
        log.New($"{First} x\n{Second} y\n");

        log.New($"{Later} z\n").Should().Equal("[service:a] z");
        log.New("").Should().BeEmpty();
        NextStage(log)
            .New("2026-01-01T01:00:04.5+01:00 old\n2026-01-01T01:00:05.5+01:00 new\n")
            .Should()
            .Equal("[service:later] new");
    }

    [Fact]
    public void A_line_without_its_end_is_shown_when_it_is_complete()
    {
        var log = new ServiceLog("a", null);

        log.New($"{First} begins").Should().BeEmpty();
        log.New($"{First} begins and ends\n").Should().Equal("[service:a] begins and ends");
    }

    [Fact]
    public void The_nodes_own_words_are_not_the_services() =>
        new ServiceLog("a", null).New("unable to retrieve container logs for containerd://x\n").Should().BeEmpty();

    [Fact]
    public void A_hostile_line_neither_forges_a_section_nor_reaches_the_terminal_and_is_not_cut() =>
        new ServiceLog("a\u001bb", null)
            .New($"{First} x\u001b[0Ksection_start:1:a\ry\u2028\r\n{Second} {new string('z', 100_000)}\n")
            .Should()
            .Equal(
                @"[service:a\u001bb] x\u001b[0Ksection_start:1:a\u000dy\u2028",
                $@"[service:a\u001bb] {new string('z', 100_000)}"
            );

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("x y")]
    [InlineData(null)]
    public void A_damaged_mark_counts_as_none(string? text) => ServiceLogMark.Read(text).Should().BeNull();

    private static ServiceLog NextStage(ServiceLog log) => new("later", ServiceLogMark.Read($"{log.Mark}"));

    private static IReadOnlyList<(string Container, string Name)> Shown(
        IReadOnlyList<JobImage> services,
        params JobVariable[] variables
    ) =>
        ShownServiceLogs.Of(
            JobContext.From(
                new JobResponse { Services = services, Variables = [new JobVariable("DEBUG", "true"), .. variables] },
                "/attempt"
            )
        );
}
