using CustomExecutor.Commands.Try;
using CustomExecutor.Core.Runner;

namespace CustomExecutor.EndToEnd.JobPod;

/// <summary>Services of a job, on the real node.</summary>
public sealed class JobServiceSpecs
{
    [Fact]
    public async Task A_service_answers_by_its_alias_once_its_port_is_open_and_dind_is_not_started()
    {
        using var job = new JobOnNode
        {
            InPod = true,
            Services =
            [
                new JobImage("localhost/job:1", "web shop")
                {
                    Entrypoint = ["sh", "-c"],
                    Command =
                    [
                        "sleep 3; mkdir /www; echo \"$GREETING\" > /www/index.html; exec httpd -f -p 8090 -h /www",
                    ],
                    Variables = [new JobVariable("GREETING", "hello"), new JobVariable("HEALTHCHECK_TCP_PORT", "8090")],
                },
                new JobImage("docker:27-dind", "docker"),
            ],
        };

        var (verdict, log) = await job.Run("wget -q -O- http://web:8090; wget -q -O- http://shop:8090");

        verdict.Outcome.Should().Be(RunnerOutcome.Success, log);
        log.Should().Contain("hello\nhello\n").And.Contain("docker:27-dind is not started");
    }

    [Fact]
    public async Task A_service_that_dies_is_told_once_with_its_exit_code_and_last_lines()
    {
        await using var attempt = await PodAttempt.Start(
            new JobOnNode
            {
                InPod = true,
                Services =
                [
                    new JobImage("localhost/job:1", "db")
                    {
                        Entrypoint = ["sh", "-c", "echo starting; echo no such table; exit 7"],
                    },
                ],
            }
        );

        // The kubelet tells it when it comes to it.
        await Eventually.True(
            async () =>
                (await attempt.ReadPod()).Status.ContainerStatuses.Any(s =>
                    s is { Name: "svc-0", State.Terminated: not null }
                ),
            "the service has ended"
        );
        await attempt.Passes("build_script", "echo goes on");
        await attempt.Passes("after_script", "echo after");

        attempt
            .Log.Should()
            .Contain("goes on")
            .And.Contain("Service localhost/job:1 has ended with exit code 7", Exactly.Once())
            .And.Contain("no such table", Exactly.Once());
    }

    [Fact]
    public async Task A_service_whose_program_is_not_in_its_image_is_told_with_the_nodes_words()
    {
        using var job = new JobOnNode
        {
            InPod = true,
            Services = [new JobImage("localhost/job:1", "db") { Entrypoint = ["no-such-program"] }],
        };

        var (verdict, log) = await job.Run("echo goes on");

        verdict.Outcome.Should().Be(RunnerOutcome.Success, log);
        log.Should().Contain("Service localhost/job:1 could not be started").And.Contain("no-such-program");
    }
}
