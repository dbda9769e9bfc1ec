using System.Text.Json.Nodes;
using CustomExecutor.Commands.Try;
using CustomExecutor.Testing.Jobs;

namespace CustomExecutor.Tests.Stages;

/// <summary>The admin's log, which all drivers of a host write.</summary>
public sealed class AdminLogSpecs : IDisposable
{
    private readonly RunnerHost _host = new("", "unused");

    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_line_of_three_hundred_stages_is_lost_sixteen_at_a_time()
    {
        const int jobs = 300;

        await Parallel.ForEachAsync(
            Enumerable.Range(1, jobs),
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = TestEnds },
            async (id, _) =>
            {
                using var attempt = new JobAttempt(_host.Runner, new PlayedJob { Id = id });
                await attempt.Config();
            }
        );

        var lines = (await File.ReadAllLinesAsync(_host.AdminLog, TestEnds))
            .Select(line => JsonNode.Parse(line)!)
            .ToList();
        lines.Select(line => line["JobId"]!.GetValue<long>()).Should().BeEquivalentTo(Enumerable.Range(1, jobs));
    }

    [Fact]
    public async Task There_is_no_size_at_which_it_stops()
    {
        const long twoGibibytes = 2L << 30;
        Directory.CreateDirectory(Path.GetDirectoryName(_host.AdminLog)!);
        await using (var sparse = File.Create(_host.AdminLog))
            sparse.SetLength(twoGibibytes);

        var log = await Config();

        log.Should().BeEmpty();
        new FileInfo(_host.AdminLog).Length.Should().BeGreaterThan(twoGibibytes);
    }

    [Fact]
    public async Task It_can_be_rotated_between_two_stages()
    {
        await Config();
        File.Move(_host.AdminLog, _host.AdminLog + ".1");
        await Config();

        (await File.ReadAllLinesAsync(_host.AdminLog, TestEnds)).Should().ContainSingle();
    }

    [Fact]
    public async Task Its_owner_writes_it_its_group_reads_it_and_nobody_else_does_either()
    {
        await Config();

        File.GetUnixFileMode(_host.AdminLog)
            .Should()
            .Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
    }

    [Theory]
    [InlineData("a directory")]
    [InlineData("a file above it")]
    [InlineData("a full disk")]
    public async Task Where_it_can_not_be_written_the_author_reads_so_once_and_the_job_goes_on(string obstacle)
    {
        var directory = Path.GetDirectoryName(_host.AdminLog)!;
        if (obstacle == "a file above it")
            await File.WriteAllTextAsync(directory, "", TestEnds);
        else
            Directory.CreateDirectory(directory);
        if (obstacle == "a directory")
            Directory.CreateDirectory(_host.AdminLog);
        if (obstacle == "a full disk")
            File.CreateSymbolicLink(_host.AdminLog, "/dev/full");

        (await Config())
            .Should()
            .StartWith("Warning: the admin's log can't be written: ")
            .And.Contain(_host.AdminLog)
            .And.Subject.Split("Warning")
            .Should()
            .HaveCount(2);
    }

    public void Dispose() => _host.Dispose();

    private async Task<string> Config()
    {
        using var attempt = new JobAttempt(_host.Runner, new PlayedJob { Id = 4711 });
        await attempt.Config();
        return attempt.Log.Text;
    }
}
