using System.Globalization;
using CustomExecutor.Commands.Try;

namespace CustomExecutor.EndToEnd.Sandbox;

/// <summary>What a job leaves for whoever comes after it, as files or as processes.</summary>
public sealed class LeftForTheNextJobSpecs
{
    private static readonly string[] Plant =
    [
        "mkdir -p .git/hooks && echo 'echo POISONED' > .git/hooks/post-checkout && chmod +x .git/hooks/post-checkout",
        "git config --global core.hooksPath $PWD/.git/hooks",
        "for file in .bashrc .profile .npmrc .netrc; do echo 'echo POISONED' > $HOME/$file; done",
        "mkdir -p $HOME/.local/bin && echo 'echo POISONED' > $HOME/.local/bin/git",
        "echo POISONED > $TMPDIR/planted",
        "echo '{ \"credsStore\": \"POISONED\" }' > $DOCKER_CONFIG/config.json",
    ];

    private const string Look = """
        grep -rs POISONED $HOME $TMPDIR $DOCKER_CONFIG $BUILDX_CONFIG .. && exit 1
        [ -z "$(ls -A $HOME)$(ls -A $TMPDIR)$(ls -A)" ]
        git init -q . && ! git config --get core.hooksPath && echo nothing found
        """;

    /// <summary>Each looks for the key of the job that comes, in a way by which it is nobody's child.</summary>
    private const string LeaveBehind = """
        poll='echo $$ >> pollers; exec > /dev/null 2>&1; trap "" TERM HUP; while :; do cat */key.pem; sleep 0.01; done'
        setsid bash -c "$poll" &
        nohup bash -c "$poll" > /dev/null 2>&1 &
        (setsid bash -c "(bash -c '$(printf %s "$poll" | sed "s/'/'\\\\''/g")' &) &" &)
        for i in {1..500}; do [ "$(cat pollers 2> /dev/null | wc -l)" = 3 ] && break; sleep 0.02; done
        echo "pollers: $(xargs < pollers)"
        """;

    [Fact]
    public async Task The_next_job_of_the_project_finds_nothing_that_the_last_one_planted()
    {
        ServiceUser.RequireHost();
        using var host = new ServiceHost("auto");
        using var first = Job(host);
        using var second = Job(host);

        await first.Prepare();
        await first.Do(string.Join('\n', Plant));
        (
            await first.Do(
                "grep -ls POISONED $HOME/.bashrc $TMPDIR/planted $DOCKER_CONFIG/config.json .git/hooks/* | wc -l"
            )
        )
            .Should()
            .Be("4\n", "it can do so to itself");
        await first.Cleanup();
        await second.Prepare();
        var (verdict, log) = await second.Run(Look);
        await second.Cleanup();

        verdict.Outcome.Should().Be(RunnerOutcome.Success, log);
        log.Should().Contain("nothing found");
    }

    [Fact]
    public async Task A_process_that_waits_for_the_next_jobs_files_is_gone_when_its_stage_ends()
    {
        ServiceUser.RequireHost();
        using var host = new ServiceHost("auto");
        using var job = Job(host);
        await job.Prepare();

        var log = await job.Do(LeaveBehind);
        var pollers = log.Split('\n').Single(line => line.StartsWith("pollers: ", StringComparison.Ordinal)).Split(' ')[
            1..
        ];
        var running = pollers
            .Where(pid => Directory.Exists($"/proc/{int.Parse(pid, CultureInfo.InvariantCulture)}"))
            .ToList();
        await job.Cleanup();

        pollers.Should().HaveCount(3);
        running.Should().BeEmpty();
        log.Should().Contain("Ended what the script left running: bash");
    }

    private static HostJob Job(ServiceHost host) =>
        new(host, new PlayedJob { Id = JobOnNode.NextId(), ProjectId = 42 });
}
