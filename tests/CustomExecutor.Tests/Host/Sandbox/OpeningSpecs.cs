using System.Text.Json.Nodes;
using CliWrap;
using CustomExecutor.Commands.Try;
using CustomExecutor.Host.Files;
using CustomExecutor.Testing.Jobs;

namespace CustomExecutor.Tests.Host.Sandbox;

/// <summary>What the admin opens to scripts, and what scripts or links make of it.</summary>
public sealed class OpeningSpecs : IDisposable
{
    /// <summary>Among the system's directories: no script writes there.</summary>
    private readonly string _system = Path.Join("/opt", $"custom-executor-spec-{Guid.NewGuid():N}");

    /// <summary>Where all scripts may write.</summary>
    private readonly string _shared = Path.Join("/var/tmp", $"custom-executor-spec-{Guid.NewGuid():N}");

    public OpeningSpecs()
    {
        if (Environment.UserName == "root")
            Directory.CreateDirectory(_system);
        Directory.CreateDirectory(Path.Join(_shared, "in"));
    }

    [LandlockTheory]
    [InlineData("scriptSandbox.allow", "")]
    [InlineData("scriptSandbox.allow", "/in")]
    [InlineData("docker.cliPluginsExtraDirs", "/in")]
    [InlineData("PATH", "/in")]
    [InlineData("PATH", "")]
    public async Task A_script_that_replaces_an_opened_directory_by_a_link_opens_nothing_to_the_next_stage(
        string source,
        string below
    )
    {
        var opened = _shared + below;
        await using var bench = await Bench.Create(settings => Open(settings, source, opened));
        var victim = await bench.Ready(new PlayedJob { Id = 4711 });
        using var attempt = new JobAttempt(Service(bench, source, opened), new PlayedJob { Id = 4712 });
        await attempt.BecomeReady();
        var key = Path.Join(victim.Paths.Certificates, "key.pem");

        foreach (
            var target in (string[])
                [victim.Paths.Root, Path.GetDirectoryName(victim.Paths.Root)!, bench.Host.Directory, "/", "/root"]
        )
        {
            var (swap, log) = await attempt.Run($"rm -rf {opened}; ln -s {target} {opened}; readlink {opened}");
            swap.Outcome.Should().Be(RunnerOutcome.Success, log);
            var (verdict, output) = await attempt.Run(
                $"cat {key} && exit 1; cat {bench.Host.Directory}/kubeconfig && exit 1; ls -A /root && exit 1; ls "
                    + "/ && exit 1; echo closed"
            );

            verdict.Outcome.Should().Be(RunnerOutcome.Success, output);
            output.Should().EndWith("closed\n", $"{opened} was a link to {target}");
        }
    }

    [LandlockTheory]
    [InlineData("scriptSandbox.allow")]
    [InlineData("docker.cliPluginsExtraDirs")]
    public async Task Settings_that_open_something_hidden_through_a_link_fail_the_job_before_anything_is_made(
        string source
    )
    {
        RequireRoot();
        var link = Path.Join(_system, "link");
        await using var bench = await Bench.Create(settings => Open(settings, source, link));
        Directory.CreateDirectory(bench.Host.WorkspaceRoot);
        Directory.CreateSymbolicLink(link, bench.Host.WorkspaceRoot);
        using var attempt = bench.Attempt(new PlayedJob { Id = 4711 });

        var verdict = await attempt.TryToBecomeReady();

        verdict.Outcome.Should().Be(RunnerOutcome.SystemFailure);
        attempt
            .Log.Text.Should()
            .Contain(
                $"ERROR: {source}: {link} leads through a link to {bench.Host.WorkspaceRoot}, which is closed to "
                    + "scripts. Scripts cannot use it."
            );
        (await bench.Namespace.Pods()).Should().BeEmpty();
    }

    [LandlockFact]
    public async Task A_PATH_that_leads_into_something_hidden_is_not_opened_and_the_job_log_says_so()
    {
        RequireRoot();
        var link = Path.Join(_system, "link");
        await using var bench = await Bench.Create();
        Directory.CreateSymbolicLink(link, bench.Host.WorkspaceRoot);
        using var attempt = new JobAttempt(Service(bench, "PATH", link), new PlayedJob { Id = 4711 });

        await attempt.BecomeReady();
        var (_, output) = await attempt.Run($"ls -A {link} && exit 1; echo closed");

        attempt
            .Log.Text.Should()
            .Contain($"PATH: {link} leads through a link to {bench.Host.WorkspaceRoot}, which is closed to scripts.");
        output.Should().EndWith("closed\n");
    }

    [LandlockFact]
    public async Task Links_of_the_admins_to_what_is_not_hidden_are_followed()
    {
        RequireRoot();
        var (link, target) = (Path.Join(_system, "link"), Path.Join("/srv", Path.GetFileName(_system)));
        Directory.CreateDirectory(target);
        try
        {
            Directory.CreateSymbolicLink(link, target);
            await using var bench = await Bench.Create(settings => Open(settings, "scriptSandbox.allow", link));
            var attempt = await bench.Ready(new PlayedJob { Id = 4711 });

            (await attempt.Run($"echo fine > {link}/file; cat {target}/file")).Output.Should().Be("fine\n");
        }
        finally
        {
            DirectoryRemoval.Remove(target);
        }
    }

    [LandlockFact]
    public async Task What_the_admin_hides_is_closed_among_the_systems_directories_and_in_the_temporary_ones()
    {
        RequireRoot();
        var secret = Path.Join(_system, "secret");
        foreach (var file in (string[])[secret, Path.Join(_system, "open"), Path.Join(_shared, "in", "file")])
            await File.WriteAllTextAsync(file, "fine\n", TestContext.Current.CancellationToken);
        await using var bench = await Bench.Create(settings =>
            settings["scriptSandbox"]!["hide"] = new JsonArray(secret, "/var/tmp")
        );
        var attempt = await bench.Ready(new PlayedJob { Id = 4711 });

        var (_, output) = await attempt.Run(
            $"cat {secret} && exit 1; cat {_shared}/in/file && exit 1; (: > {_shared}/new) && exit 1; cat "
                + $"{_system}/open"
        );

        output.Should().EndWith("fine\n").And.NotContain("fine\nfine");
        attempt.Log.Text.Should().Contain("/var/tmp").And.Contain("Write to $TMPDIR instead");
    }

    [LandlockTheory]
    [InlineData("--config", "FILE")]
    [InlineData("-c=FILE")]
    [InlineData("--config", "config.toml")]
    public async Task The_configuration_that_the_runners_command_line_names_is_hidden(params string[] options)
    {
        RequireRoot();
        var file = Path.Join(_system, "config.toml");
        await File.WriteAllTextAsync(file, "token = \"glrt-of-the-spec\"\n", TestContext.Current.CancellationToken);
        await using var bench = await Bench.Create();
        var plain = await bench.Ready(new PlayedJob { Id = 4710 });
        (await plain.Run($"cat {file}")).Output.Should().Contain("glrt-", "else nothing is proved");

        // A process that looks like the runner, with the driver below it.
        await Install("inner", $"cd {_system}; \"${{@:{options.Length + 2}}}\"; exit $?");
        await Install(
            "driver",
            $"exec bash {_system}/inner run "
                + $"{string.Join(' ', options).Replace("FILE", file, StringComparison.Ordinal)} "
                + $"{RunnerHost.Driver} \"$@\""
        );
        using var attempt = new JobAttempt(
            bench.Host.Runner with
            {
                Driver = Path.Join(_system, "driver"),
            },
            new PlayedJob { Id = 4711 }
        );
        await attempt.BecomeReady();

        (await attempt.Run($"cat {file} && exit 1; cat {_system}/inner > /dev/null && echo closed"))
            .Output.Should()
            .NotContain("glrt-")
            .And.EndWith("closed\n");
    }

    public void Dispose()
    {
        foreach (var path in (string[])[_system, _shared])
        {
            if (new FileInfo(path).LinkTarget is not null)
                File.Delete(path);
            else
                DirectoryRemoval.Remove(path);
        }
    }

    private static void Open(JsonObject settings, string source, string path)
    {
        if (source == "scriptSandbox.allow")
            settings["scriptSandbox"]!["allow"] = new JsonArray(path);
        else if (source == "docker.cliPluginsExtraDirs")
            settings["docker"] = new JsonObject { ["cliPluginsExtraDirs"] = new JsonArray(path) };
    }

    private static PlayedRunner Service(Bench bench, string source, string path)
    {
        if (source != "PATH")
            return bench.Host.Runner;
        var service = bench.Host.Runner.Environment.ToDictionary();
        service["PATH"] += $":{path}";
        return bench.Host.Runner with { Environment = service };
    }

    private static void RequireRoot()
    {
        if (Environment.UserName != "root")
            Assert.Skip("Only root can make a directory among the system's.");
    }

    /// <summary>By another process, as a file that is open for writing in a child of another spec can't be
    /// executed.</summary>
    private async Task Install(string name, string commands)
    {
        var file = Path.Join(_system, name);
        await Cli.Wrap("bash")
            .WithArguments(["-c", "printf '#!/bin/bash\\n%s\\n' \"$1\" > $0; chmod 755 $0", file, commands])
            .ExecuteAsync(TestContext.Current.CancellationToken);
    }
}
