using System.Text.Json.Nodes;
using CustomExecutor.Commands.Try;
using CustomExecutor.Core.Docker;

namespace CustomExecutor.EndToEnd.Sandbox;

/// <summary>The Docker Engine API of a job whose scripts run on the host. <see cref="HostileJobSpecs"/> has who may not
/// use it.</summary>
public sealed class EngineOnHostSpecs(HonestJob job) : IClassFixture<HonestJob>
{
    private const string Load = "printf 'FROM %s\\n' $BASE_IMAGE | docker build --load -t";

    private const string List = "docker images --format '{{ .Repository }}'";

    [Theory]
    [InlineData("auto")]
    [InlineData("never")]
    public async Task Docker_in_Docker_recipes_load_tag_push_pull_and_save_and_leave_nothing(string sandbox)
    {
        using var files = new TemporaryDirectory();
        using var recipe = OnNode(files, settings => settings["scriptSandbox"] = new JsonObject { ["mode"] = sandbox });

        var (verdict, log) = await recipe.Run(DaemonRecipe.Script);

        verdict.Outcome.Should().Be(RunnerOutcome.Success, log);
        log.Should().NotContain("Ended what the script left running");
        await DaemonRecipe.ShouldBeDone(recipe, log);
        Directory.GetFileSystemEntries(recipe.TempRoot).Should().BeEmpty();
        ProgramsOf(recipe.TempRoot).Should().BeEmpty();
    }

    [Fact]
    public async Task A_full_store_is_told_and_the_next_job_has_one_of_its_own()
    {
        using var files = new TemporaryDirectory();
        using var first = OnNode(files, settings => settings["engine"] = new JsonObject { ["storeSizeLimit"] = "2Mi" });
        using var next = OnNode(files, _ => { });

        var (verdict, log) = await first.Run(
            $"""
            printf 'FROM scratch\nCOPY job.sh /\n' >Dockerfile; echo >job.sh; docker build --load -t small:1 .
            printf 'FROM %s\nRUN dd if=/dev/urandom of=/large bs=1M count=3\n' $BASE_IMAGE >Dockerfile
            docker build --load -t large:1 . || echo "no room: $?"
            {List}
            DOCKER_HOST=tcp://docker.example.invalid:2375 docker ps 2>errors || grep -o -m 1 docker.example.invalid errors
            """
        );
        var (_, nextLog) = await next.Run($"{List} && echo none");

        verdict.Outcome.Should().Be(RunnerOutcome.Success, log);
        log.Should().Contain("no room: 1\nsmall\ndocker.example.invalid\n").And.NotContain("\nlarge\n");
        nextLog.Should().Contain("none").And.NotContain("small");
    }

    [Fact]
    public async Task A_later_stage_sees_the_images_and_the_program_ends_with_each()
    {
        ServiceUser.RequireHost();

        var log = await job.Job.Do($"{Load} kept:1 -");
        var programs = ProgramsOf(job.Job.Attempt.Directory);
        var later = await job.Job.Do(List, "after_script");

        programs.Should().BeEmpty(log);
        log.Should().NotContain("Ended what the script left running");
        later.Should().Contain("kept\n");
    }

    [Fact]
    public async Task Calls_of_docker_at_a_time_start_one_program_and_it_comes_back_when_it_is_killed()
    {
        ServiceUser.RequireHost();

        var log = await job.Do(
            $"""
            engine=$(dirname $DOCKER_CONFIG)/engine
            before=$(grep -cs listening $engine/log || true)
            for i in 1 2 3 4; do (docker version >/dev/null && echo good) & done; wait
            echo "$(($(grep -c listening $engine/log) - before)) started"
            {Load} killed:1 -
            read -r pid start <$engine/pid; kill -KILL $pid
            while read -r stat 2>/dev/null </proc/$pid/stat && [[ $stat != *') Z '* ]]; do sleep 0.05; done
            {List} killed
            echo "$(($(grep -c listening $engine/log) - before)) started"
            """
        );

        log.Should().Contain("good\ngood\ngood\ngood\n1 started\n").And.Contain("killed\n2 started\n");
    }

    private static JobOnNode OnNode(TemporaryDirectory files, Action<JsonObject> change)
    {
        var settings = JsonNode.Parse(File.ReadAllText(Node.AdminFile))!.AsObject();
        change(settings);
        return new JobOnNode { Settings = files.Write($"{Guid.NewGuid():N}.json", settings.ToJsonString()) };
    }

    /// <summary>The running programs with files in this directory.</summary>
    private static IEnumerable<string> ProgramsOf(string directory) =>
        Directory
            .EnumerateDirectories("/proc")
            .Select(CommandLineOf)
            .Where(line => line.Contains(EngineOnHost.ProgramName) && line.Contains(directory));

    private static string CommandLineOf(string process)
    {
        try
        {
            return File.ReadAllText(Path.Join(process, "cmdline"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // It is no process, or has just ended.
        }
    }
}
