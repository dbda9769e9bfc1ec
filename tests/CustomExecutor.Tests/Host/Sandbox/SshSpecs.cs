using CustomExecutor.Commands.Try;
using CustomExecutor.Testing.Jobs;

namespace CustomExecutor.Tests.Host.Sandbox;

/// <summary>OpenSSH in scripts. It asks the password database for the home directory, which is closed to scripts; what
/// people write works all the same.</summary>
public sealed class SshSpecs(PreparedJob job, SshServer server) : IClassFixture<PreparedJob>, IClassFixture<SshServer>
{
    /// <summary>GitLab's recipe, https://docs.gitlab.com/ci/jobs/ssh_keys/, without the installation of
    /// packages.</summary>
    private const string Recipe = """
        eval $(ssh-agent -s)
        chmod 400 "$SSH_PRIVATE_KEY"
        ssh-add "$SSH_PRIVATE_KEY"
        mkdir -p ~/.ssh
        chmod 700 ~/.ssh
        cp "$SSH_KNOWN_HOSTS" ~/.ssh/known_hosts
        chmod 644 ~/.ssh/known_hosts
        """;

    private readonly JobAttempt _attempt = job.Attempt;

    [LandlockFact]
    public async Task GitLabs_documented_recipe_works_for_ssh_and_for_git() =>
        (await Do($"{Recipe}\nssh $TARGET echo connected\ngit clone -q $URL clone && ls -d clone/.git"))
            .Should()
            .Contain("connected\n")
            .And.Contain("\nclone/.git\n");

    [LandlockTheory]
    [InlineData(
        "a key and a host under their usual names",
        "cp $SSH_PRIVATE_KEY ~/.ssh/id_ed25519; chmod 600 ~/.ssh/id_ed25519; cp $SSH_KNOWN_HOSTS "
            + "~/.ssh/known_hosts; ssh $TARGET echo connected"
    )]
    [InlineData(
        "ssh-add without a name",
        "eval $(ssh-agent -s); cp $SSH_PRIVATE_KEY ~/.ssh/id_ed25519; chmod 600 ~/.ssh/id_ed25519; ssh-add; cp "
            + "$SSH_KNOWN_HOSTS ~/.ssh/known_hosts; ssh $TARGET echo connected"
    )]
    [InlineData(
        "ssh-keyscan",
        "ssh-keyscan -p $PORT 127.0.0.1 >> ~/.ssh/known_hosts 2> /dev/null; ssh -i $SSH_PRIVATE_KEY $TARGET echo "
            + "connected"
    )]
    [InlineData(
        "a configuration with paths from ~",
        "printf 'Host spec\\n  HostName 127.0.0.1\\n  IdentityFile ~/.ssh/deploy\\n  "
            + "UserKnownHostsFile=~/.ssh/hosts\\n' > ~/.ssh/config; cp $SSH_PRIVATE_KEY ~/.ssh/deploy; cp "
            + "$SSH_KNOWN_HOSTS ~/.ssh/hosts; ssh -p $PORT spec echo connected"
    )]
    [InlineData(
        "a configuration that includes another and does not end with a line's end",
        "mkdir ~/.ssh/conf.d; printf 'Host spec\\nHostName 127.0.0.1\\nStrictHostKeyChecking no' > "
            + "~/.ssh/conf.d/spec; printf 'Include conf.d/*' > ~/.ssh/config; ssh -i $SSH_PRIVATE_KEY -p $PORT "
            + "spec echo connected"
    )]
    [InlineData(
        "hosts that are accepted as they come",
        "rm -r ~/.ssh; ssh -o StrictHostKeyChecking=accept-new -i $SSH_PRIVATE_KEY $TARGET true; [ -s "
            + "~/.ssh/known_hosts ] && echo connected"
    )]
    [InlineData(
        "GIT_SSH_COMMAND",
        "cp $SSH_KNOWN_HOSTS ~/.ssh/known_hosts; GIT_SSH_COMMAND=\"ssh -i $SSH_PRIVATE_KEY\" git ls-remote $URL && "
            + "echo connected"
    )]
    [InlineData(
        "a configuration of its own with -F",
        "echo 'StrictHostKeyChecking no' > own; ssh -F own -o UserKnownHostsFile=/dev/null -i $SSH_PRIVATE_KEY "
            + "$TARGET echo connected"
    )]
    [InlineData(
        "scp",
        "cp $SSH_KNOWN_HOSTS ~/.ssh/known_hosts; echo connected > file; scp -q -i $SSH_PRIVATE_KEY -P $PORT file "
            + "127.0.0.1:$PWD/copy; cat copy"
    )]
    [InlineData(
        "sftp",
        "cp $SSH_KNOWN_HOSTS ~/.ssh/known_hosts; echo connected > file; echo \"get $PWD/file $PWD/copied\" | sftp "
            + "-q -i $SSH_PRIVATE_KEY -P $PORT 127.0.0.1; cat copied"
    )]
    [InlineData(
        "ssh-keygen that looks for a host and removes it",
        "cp $SSH_KNOWN_HOSTS ~/.ssh/known_hosts; ssh-keygen -F [127.0.0.1]:$PORT > /dev/null && ssh-keygen -R "
            + "[127.0.0.1]:$PORT && ! [ -s ~/.ssh/known_hosts ] && echo connected"
    )]
    [InlineData(
        "an agent with a command, and one that is ended",
        "ssh-agent sh -c 'ssh-add -q $SSH_PRIVATE_KEY && ssh-add -l' && eval $(ssh-agent) && ssh-agent -k && echo "
            + "connected"
    )]
    [InlineData(
        "keys that come as a variable's text",
        "eval $(ssh-agent -s); cat $SSH_PRIVATE_KEY | tr -d '\\r' | ssh-add -; cp $SSH_KNOWN_HOSTS "
            + "~/.ssh/known_hosts; ssh $TARGET echo connected"
    )]
    public async Task Scripts_can_use(string what, string commands) =>
        (await Do($"rm -rf ~/.ssh; mkdir -m 700 ~/.ssh\n{commands}")).Should().Contain("connected", what);

    [LandlockFact]
    public async Task Sockets_below_HOME_and_TMPDIR_have_paths_that_are_short_enough()
    {
        // The runner's directories, at their longest below the drop-in's TMPDIR, and the longest names: OpenSSH 10's
        // agent and gpg's.
        var longest = new Core.Runner.AttemptPaths("/var/lib/custom-executor/attempts/custom-executor4294967295");

        $"{longest.Home}/.ssh/agent/s.abcdefghij.agent.ABCDEFGHIJ12345".Length.Should().BeLessThanOrEqualTo(107);
        (await Do("echo ${#HOME} ${#TMPDIR}; eval $(ssh-agent -s) > /dev/null; echo $SSH_AUTH_SOCK"))
            .Should()
            .Contain(_attempt.Paths.Temp);
    }

    [LandlockFact]
    public async Task An_agent_that_would_open_every_directory_above_its_socket_starts()
    {
        // As OpenSSH's does since 10.1, unless it is told where its socket goes.
        await using var bench = await Bench.Create();
        var programs = Path.Join(bench.Host.Directory, "open", "bin");
        Directory.CreateDirectory(programs);
        await File.WriteAllTextAsync(
            Path.Join(programs, "ssh-agent"),
            "#!/bin/sh\n[ \"$1\" = -a ] || ls / > /dev/null || exit 1\necho \"started $2\"\n",
            TestContext.Current.CancellationToken
        );
        File.SetUnixFileMode(Path.Join(programs, "ssh-agent"), (UnixFileMode)0b111_101_101);
        var service = bench.Host.Runner.Environment.ToDictionary();
        service["PATH"] = $"{programs}:{service["PATH"]}";
        using var attempt = new JobAttempt(
            bench.Host.Runner with
            {
                Environment = service,
            },
            new PlayedJob { Id = 4713 }
        );
        await attempt.BecomeReady();

        var (verdict, output) = await attempt.Run("ls / && exit 3; ssh-agent -s");

        verdict.Outcome.Should().Be(RunnerOutcome.Success, output);
        output.Should().Contain($"started {attempt.Paths.Temp}/agent.");
    }

    [LandlockFact]
    public async Task Java_finds_the_jobs_home_where_its_build_tools_look()
    {
        if (!File.Exists("/usr/bin/java"))
            Assert.Skip("Java is not installed.");

        (await Do("java $MAVEN_OPTS -XshowSettings:properties -version 2>&1 | grep user.home"))
            .Should()
            .Contain($"user.home = {_attempt.Paths.Home}\n");
    }

    private async Task<string> Do(string commands)
    {
        if (SshServer.Obstacle is { } obstacle)
            Assert.Skip(obstacle);
        var (key, hosts) = (Path.Join(_attempt.Workspace, "key"), Path.Join(_attempt.Workspace, "hosts"));
        await File.WriteAllTextAsync(key, server.Key, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(hosts, server.KnownHost, TestContext.Current.CancellationToken);
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var (verdict, output) = await _attempt.Run(
            $"""
            export SSH_PRIVATE_KEY={key} SSH_KNOWN_HOSTS={hosts} PORT={server.Port}
            export TARGET="-p {server.Port} {SshServer.User}@127.0.0.1" URL=ssh://{SshServer.User}@127.0.0.1:{server.Port}{server.Repository}
            rm -rf clone file copy copied own
            {commands}
            """
        );
        verdict.Outcome.Should().Be(RunnerOutcome.Success, output);
        return output;
    }
}
