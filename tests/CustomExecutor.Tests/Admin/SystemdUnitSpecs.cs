using CliWrap;
using CliWrap.Buffered;
using CustomExecutor.Tests.Cluster;
using CustomExecutor.Tests.Host;
using CustomExecutor.Tests.Stages;

namespace CustomExecutor.Tests.Admin;

/// <summary>The units of runner/systemd, as systemd itself reads them.</summary>
public sealed class SystemdUnitSpecs
{
    private const string Installed = "/usr/local/bin/custom-executor";

    [Fact]
    public async Task systemd_takes_gcs_service_and_timer_without_a_complaint()
    {
        const string program = "systemd-analyze";
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(directory => File.Exists(Path.Join(directory, program))))
            Assert.Skip($"{program} is not installed (Debian's package systemd has it): nobody has looked at runner/systemd.");
        using var copies = new TemporaryDirectory();
        var files = Directory.GetFiles(RepositoryFile.PathOf("runner/systemd"));
        var units = new List<string>();
        // It wants the program to be there.
        foreach (var file in files) units.Add(copies.Write(Path.GetFileName(file), (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Replace(Installed, RunnerHost.Driver, StringComparison.Ordinal)));

        var result = await Cli.Wrap(program).WithArguments(["verify", .. units]).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(TestContext.Current.CancellationToken);

        units.Should().HaveCount(2);
        result.ExitCode.Should().Be(0, result.StandardError);
        // What it finds in the machine's own units is none of ours.
        result.StandardError.Split('\n').Should().NotContain(line => line.Contains("custom-executor-gc", StringComparison.Ordinal));
    }
}
