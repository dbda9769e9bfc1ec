using static CustomExecutor.Core.Tests.Builder.PodFixtures;

namespace CustomExecutor.Core.Tests.Builder.Diagnosis;

/// <summary>buildkitd's and rootlesskit's own lines, as they were seen.</summary>
public sealed class DaemonExitSpecs
{
    private const string Exe = "[rootlesskit:parent] error: failed to start the child: fork/exec /proc/self/exe: ";
    private const string Map =
        "[rootlesskit:parent] error: failed to setup UID/GID map: newuidmap 18 [0 1000 1 1 100000 65536] failed: ";

    [Theory]
    [InlineData(Exe + "operation not permitted", "seccompProfile Unconfined")]
    [InlineData(Exe + "permission denied", "kernel.apparmor_restrict_unprivileged_userns=0")]
    [InlineData(Exe + "no space left on device", "user.max_user_namespaces")]
    [InlineData(Exe + "invalid argument", "user.max_user_namespaces")]
    [InlineData(
        "level=warning msg=\"[rootlesskit:parent] /proc/sys/user/max_user_namespaces needs to be set to non-zero.\"\n"
            + Exe
            + "invalid argument",
        "user.max_user_namespaces"
    )]
    [InlineData(
        "level=warning msg=\"/proc/sys/kernel/unprivileged_userns_clone needs to be set to 1.\"\n"
            + Exe
            + "operation not permitted",
        "kernel.unprivileged_userns_clone=1"
    )]
    [InlineData(
        "level=warning msg=\"[rootlesskit:parent] This error might have happened because "
            + "/proc/sys/kernel/apparmor_restrict_unprivileged_userns is set to 1\"\n"
            + Exe
            + "permission denied",
        "Ubuntu 24.04"
    )]
    [InlineData(
        "[rootlesskit:child ] error: failed to share mount point: /: permission denied\n[rootlesskit:parent] "
            + "error: child exited: exit status 1",
        "appArmorProfile Unconfined"
    )]
    [InlineData(Map + "newuidmap: write to uid_map failed: Operation not permitted\n: exit status 1", "no_new_privs")]
    [InlineData(Map + ": fork/exec /usr/bin/newuidmap: operation not permitted", "SETUID and SETGID")]
    [InlineData(Map + ": exec: \"newuidmap\": executable file not found in $PATH", "-rootless")]
    [InlineData(Map + "newuidmap: write to uid_map failed: Invalid argument\n: exit status 1", "/etc/subuid")]
    [InlineData(
        "[rootlesskit:parent] error: failed to setup UID/GID map: failed to compute uid/gid map: No subuid ranges "
            + "found for user 1000 (\"user\")",
        "/etc/subuid"
    )]
    [InlineData(
        "buildkitd: rootless mode requires to be executed as the mapped root in a user namespace; you may use "
            + "RootlessKit for setting up the namespace",
        "-rootless"
    )]
    [InlineData(
        "[rootlesskit:parent] error: creating a state directory: mkdir /home/user/.local/tmp/rootlesskit123: "
            + "read-only file system",
        "readOnlyRootFilesystem"
    )]
    [InlineData("buildkitd: mkdir /home/user/.local/share/buildkit/runc-overlayfs: permission denied", "fsGroup 1000")]
    [InlineData(
        "error: failed to mount {Source:/home/user/x Options:[rbind ro]}]: operation not permitted",
        "emptyDir"
    )]
    [InlineData(
        "   --version, -v    print the version\nbuildkitd: flag provided but not defined: -nonsense",
        "builder.buildkitdFlags"
    )]
    [InlineData("buildkitd: (2, 1): unterminated array\nfailed to parse config", "builder.buildkitdConfig")]
    [InlineData("buildkitd: no worker found, rebuild the buildkit daemon?", "runc")]
    [InlineData("buildkitd: listen tcp 0.0.0.0:1234: bind: address already in use", "Port 1234")]
    [InlineData(
        "buildkitd: listen unix /run/job/buildkitd.sock: bind: address already in use",
        "the address that its log names"
    )]
    [InlineData("exec /usr/bin/rootlesskit: exec format error", "builder.nodeSelector")]
    public void A_rootless_daemon_that_does_not_start_tells_what_to_change(string log, string remedy)
    {
        var message = Fails(Seen(Ended("Error", 1)) with { Log = log });

        message
            .Should()
            .StartWith("The builder ended before it was ready: Error, exit code 1\n")
            .And.Contain(remedy)
            .And.Contain("The end of buildkitd's log:\n  ");
        Fails(Seen(Ended("Error", 1, log)))
            .Should()
            .Be(message, "the kubelet's copy serves where the log may not be read");
    }

    [Fact]
    public void A_stack_of_Go_functions_is_left_out()
    {
        const string log = """
            time="2026-11-24T14:00:11Z" level=warning msg="failed to get disk size: no such file or directory"
            buildkitd: (2, 1): unterminated array
            failed to parse config
            github.com/moby/buildkit/cmd/buildkitd/config.Load
            	github.com/moby/buildkit/cmd/buildkitd/config/load.go:16
            github.com/urfave/cli.(*App).Run
            	github.com/urfave/cli/app.go:286
            runtime.goexit
            	runtime/asm_amd64.s:1700

            """;

        Fails(Seen(Ended("Error", 1)) with { Log = log })
            .Should()
            .EndWith(
                """
                The end of buildkitd's log:
                  time="2026-11-24T14:00:11Z" level=warning msg="failed to get disk size: no such file or directory"
                  buildkitd: (2, 1): unterminated array
                  failed to parse config
                """
            );
    }

    [Fact]
    public void A_crash_shows_its_code_and_last_lines_and_no_more() =>
        Fails(
                Seen(Ended("Error", 2)) with
                {
                    Log = string.Join('\n', Enumerable.Range(1, 50).Select(i => $"line {i}")),
                }
            )
            .Should()
            .Be(
                "The builder ended before it was ready: Error, exit code 2\nThe end of buildkitd's log:\n  line "
                    + "45\n  line 46\n  line 47\n  line 48\n  line 49\n  line 50"
            );

    [Fact]
    public void A_crash_without_a_log_shows_its_code() =>
        Fails(Seen(Ended("Error", 139))).Should().Be("The builder ended before it was ready: Error, exit code 139");

    [Fact]
    public void A_crash_under_a_build_is_the_systems_failure_and_is_not_explained_by_words_of_the_build() =>
        Fails(
                InUse(Ended("Error", 1)) with
                {
                    Log = "process \"/bin/sh -c touch /x\" did not complete: read-only file system",
                }
            )
            .Should()
            .StartWith("The builder ended while the job used it: Error, exit code 1\nThe end of buildkitd's log:")
            .And.NotContain("readOnlyRootFilesystem");

    [Fact]
    public void Lines_of_the_log_can_not_forge_a_job_log() =>
        Fails(InUse(Ended("Error", 1)) with { Log = "\u001b[0Ksection_end:1:x\r\u001b[0K\r\nnext\r" })
            .Should()
            .Contain("  \\u001b[0Ksection_end:1:x\\u000d\\u001b[0K\n  next")
            .And.NotContain("\r");

    [Fact]
    public void A_container_that_its_node_lost_over_a_restart() =>
        Fails(
                InUse(
                    Ended(
                        "ContainerStatusUnknown",
                        137,
                        "The container could not be located when the pod was terminated"
                    )
                )
            )
            .Should()
            .Contain("restarted");
}
