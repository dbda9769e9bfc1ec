namespace CustomExecutor.EndToEnd.Sandbox;

/// <summary>What a hostile job would like to do to processes of the same user: another job's script, the driver, the
/// runner.</summary>
internal static class ProcessAttempts
{
    private static readonly (string Whose, string Pid)[] Processes =
    [
        ("another job's script", "$SHELL_PID"),
        ("a program that another job has started", "$SLEEPER"),
        ("another job's driver", "$DRIVER"),
        ("its own driver", "$PPID"),
        ("the runner", "$RUNNER"),
    ];

    /// <summary>perl has no ptrace: attach (16), wait for the stop, detach (17).</summary>
    private const string Attach =
        "perl -e '$p = $ARGV[0] + 0; exit 1 if syscall(101, 16, $p, 0, 0) != 0; waitpid($p, 0x40000000); "
        + "syscall(101, 17, $p, 0, 0); exit 0'";

    /// <summary>Eight bytes of another process's stack.</summary>
    private const string ReadMemory = """
        perl -e '$b = "\0" x 8; $l = pack("QQ", unpack("Q", pack("P", $b)), 8); $r = pack("QQ", $ARGV[1], 8); exit(syscall(310, $ARGV[0] + 0, $l, 1, $r, 1, 0) != 8)'
        """;

    private const string Connect = """
        perl -e 'socket(S, 1, 1, 0) or die; connect(S, pack("S a*", 1, "\0$ARGV[0]")) or die "$!"'
        """;

    private const string Images = """
        perl -MIO::Socket::UNIX -e '$s = IO::Socket::UNIX->new(Peer => "$ENV{VICTIM}/job/docker.sock") or die "$!"; print $s "GET /images/json HTTP/1.0\r\n\r\n"; exit !grep { /200 OK/ } <$s>'
        """;

    public static IReadOnlyList<HostileAttempt> All { get; } =
    [
        .. Processes.SelectMany(process => Of(process.Whose, process.Pid)),
        new(
            "read a secret from the environment of another job's program",
            "grep -a secret-of-the-victim /proc/$SLEEPER/environ"
        ),
        new("read a secret from the environment of the runner", "grep -a secret-of-the-service /proc/$RUNNER/environ"),
        new("read the job's token from the environment of its own driver", "grep -a glcbt- /proc/$PPID/environ")
        {
            OpensDriver = true,
        },
        new(
            "read a file of another job by the working directory of its script",
            "grep precious /proc/$SLEEPER/cwd/precious/read"
        ),
        new("read another job's memory with process_vm_readv", $"{ReadMemory.Trim()} $SLEEPER $ADDRESS")
        {
            Attaches = true,
        },
        new("signal the process group of another job", "kill -CONT -- -$DRIVER"),
        new("have a program like sudo give it more rights", "grep -qx 'NoNewPrivs:.0' /proc/self/status"),
        new("ask another job's Docker Engine API for its images", Images.Trim()),
        new("connect to an abstract socket of a process outside", $"{Connect.Trim()} $SOCKET"),
    ];

    private static IEnumerable<HostileAttempt> Of(string whose, string pid) =>
        [
            .. (
                (HostileAttempt[])
                    [
                        new($"read the environment of {whose}", $"[ $(head -c 1 /proc/{pid}/environ | wc -c) = 1 ]"),
                        new($"read the memory map of {whose}", $"[ $(head -c 1 /proc/{pid}/maps | wc -c) = 1 ]"),
                        new($"open the memory of {whose}", $": < /proc/{pid}/mem") { Attaches = true },
                        new($"see what {whose} has open", $"readlink /proc/{pid}/fd/1"),
                        new($"go by the root directory of {whose}", $"ls /proc/{pid}/root/"),
                        new($"go by the working directory of {whose}", $"ls /proc/{pid}/cwd/"),
                        new($"have {whose} killed when memory is short", $"echo 1000 > /proc/{pid}/oom_score_adj"),
                        new($"attach to {whose}", $"{Attach} {pid}") { Attaches = true },
                    ]
            ).Select(attempt => attempt with { OpensDriver = whose.EndsWith("driver", StringComparison.Ordinal) }),
            new($"ask whether it may signal {whose}", $"kill -0 {pid}"),
            new($"signal {whose}", $"kill -CONT {pid}"),
            new($"set a limit of {whose}", $"prlimit --pid {pid} --core=0:0"),
            new($"lower the priority of {whose}", $"renice -n 1 -p {pid}"),
            new($"lower the I/O priority of {whose}", $"ionice -c 2 -n 7 -p {pid}"),
        ];
}
