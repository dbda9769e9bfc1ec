using CliWrap;
using CliWrap.Buffered;
using CustomExecutor.Testing.Jobs;

namespace CustomExecutor.Tests.Config;

/// <summary>The units of runner/systemd, as systemd itself reads them.</summary>
public sealed class SystemdUnitSpecs
{
    private const string Installed = "/usr/local/bin/custom-executor";
    private const string Program = "systemd-analyze";

    [Fact]
    public async Task systemd_takes_gcs_service_and_timer_without_a_complaint()
    {
        using var copies = new TemporaryDirectory();
        var files = Directory.GetFiles(RepositoryFile.PathOf("runner/systemd"));
        var units = new List<string>();
        // It wants the program to be there.
        foreach (var file in files)
        {
            units.Add(
                copies.Write(
                    Path.GetFileName(file),
                    (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Replace(
                        Installed,
                        RunnerHost.Driver,
                        StringComparison.Ordinal
                    )
                )
            );
        }

        units.Should().HaveCount(2);
        (await Complaints([.. units]))
            .Should()
            .NotContain(line => line.Contains("custom-executor-gc", StringComparison.Ordinal));
    }

    [Fact]
    public async Task systemd_takes_what_is_added_to_the_runners_service_without_a_complaint()
    {
        const string added = "gitlab-runner.service.d/custom-executor.conf";
        using var copies = new TemporaryDirectory();
        var unit = copies.Write("gitlab-runner.service", "[Service]\nExecStart=/bin/true\n");
        var text = await File.ReadAllTextAsync(
            RepositoryFile.PathOf($"runner/systemd/{added}"),
            TestContext.Current.CancellationToken
        );
        copies.Write(added, text);

        (await Complaints(unit)).Should().NotContain(line => line.Contains(added, StringComparison.Ordinal));

        copies.Write(added, text + "Nonsense=1\n");
        (await Complaints(unit))
            .Should()
            .Contain(line => line.Contains(added, StringComparison.Ordinal), "else it was not read");
    }

    [Theory]
    [InlineData("TemporaryFileSystem=/run:ro,mode=0755", "sockets in /run lead out of the sandbox")]
    [InlineData("LimitCORE=0", "a core dump holds secrets")]
    [InlineData("User=gitlab-runner", "root is not confined")]
    public async Task The_runners_service_is_closed_where_Landlock_does_not_reach(string line, string why) =>
        (
            await File.ReadAllLinesAsync(
                RepositoryFile.PathOf("runner/systemd/gitlab-runner.service.d/custom-executor.conf"),
                TestContext.Current.CancellationToken
            )
        )
            .Should()
            .Contain(line, why);

    [Fact]
    public async Task gc_looks_for_attempts_where_the_runners_service_makes_them()
    {
        (await TemporaryDirectoryOf("custom-executor-gc.service"))
            .Should()
            .Be(await TemporaryDirectoryOf("gitlab-runner.service.d/custom-executor.conf"));

        static async Task<string> TemporaryDirectoryOf(string unit) =>
            (
                await File.ReadAllLinesAsync(
                    RepositoryFile.PathOf($"runner/systemd/{unit}"),
                    TestContext.Current.CancellationToken
                )
            )
                .Should()
                .ContainSingle(line => line.StartsWith("Environment=TMPDIR=/", StringComparison.Ordinal))
                .Which;
    }

    /// <summary>What systemd says; what it finds in the machine's own units is none of ours.</summary>
    private static async Task<string[]> Complaints(params string[] units)
    {
        if (
            !(Environment.GetEnvironmentVariable("PATH") ?? "")
                .Split(':')
                .Any(directory => File.Exists(Path.Join(directory, Program)))
        )
        {
            Assert.Skip(
                $"{Program} is not installed (Debian's package systemd has it): nobody has looked at runner/systemd."
            );
        }

        var result = await Cli.Wrap(Program)
            .WithArguments(["verify", .. units])
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
        result.ExitCode.Should().Be(0, result.StandardError);
        return result.StandardError.Split('\n');
    }
}
