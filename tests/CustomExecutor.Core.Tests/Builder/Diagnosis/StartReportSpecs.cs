using CustomExecutor.Core.Builder.Diagnosis;

namespace CustomExecutor.Core.Tests.Builder.Diagnosis;

public sealed class StartReportSpecs
{
    [Fact]
    public void A_pull_that_takes_the_time_is_told_with_what_came_before() =>
        Report(
                300,
                ("connected", 100),
                ("pod", 200),
                ("secret", 250),
                ("scheduled", 12_200),
                ("pulling", 13_000),
                ("pulled", 262_000)
            )
            .Should()
            .Be(
                "12 s until it was scheduled, 1 s until the pull of the image began, 249 s pulling the image, 38 s "
                    + "starting the container"
            );

    [Fact]
    public void A_pull_that_goes_on() =>
        Report(300, ("pod", 200), ("scheduled", 300), ("pulling", 400)).Should().Be("300 s pulling the image");

    [Fact]
    public void A_cluster_without_room() =>
        Report(300, ("connected", 100), ("pod", 200)).Should().Be("300 s waiting for a node");

    [Fact]
    public void An_image_that_was_there_already() =>
        Report(60, ("pod", 0), ("scheduled", 2000))
            .Should()
            .Be("2 s until it was scheduled, 58 s preparing the container");

    [Fact]
    public void A_builder_that_is_out_of_reach() =>
        Report(60, ("pod", 0), ("scheduled", 0), ("started", 5000))
            .Should()
            .Be("5 s until the container ran, 55 s waiting for BuildKit to listen");

    [Fact]
    public void An_API_server_that_is_out_of_reach() =>
        Report(30).Should().Be("30 s trying to reach the Kubernetes API");

    [Fact]
    public void An_event_that_is_told_late_makes_no_time_negative() =>
        Report(10, ("scheduled", 2000), ("pulling", 1000), ("pulled", 6000))
            .Should()
            .Be("2 s until it was scheduled, 4 s pulling the image, 4 s starting the container");

    [Fact]
    public void In_a_jobs_pod_what_is_waited_for_last_is_named() =>
        StartReport
            .Of(new Dictionary<string, long> { ["started"] = 5000 }, TimeSpan.FromSeconds(60), "for the helper")
            .Should()
            .Be("5 s until the container ran, 55 s waiting for the helper");

    private static string Report(int seconds, params (string Mark, long At)[] marks) =>
        StartReport.Of(marks.ToDictionary(m => m.Mark, m => m.At), TimeSpan.FromSeconds(seconds));
}
