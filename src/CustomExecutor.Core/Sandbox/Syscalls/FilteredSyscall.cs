namespace CustomExecutor.Core.Sandbox.Syscalls;

/// <summary>What a script may do with a system call.</summary>
public enum SyscallRule
{
    /// <summary>Nothing: "operation not permitted" (EPERM).</summary>
    Refused,

    /// <summary>Nothing: "function not implemented" (ENOSYS), as on a kernel that was built without it.</summary>
    Absent,

    /// <summary>
    /// Call it on the calling thread: the thread id, the first argument, must be 0. With another id, the call succeeds
    /// and does nothing. The filter can't distinguish a thread's own id from another's, and programs pass their own
    /// (glibc's <c>pthread_setschedparam</c>). If the call failed, .NET builds would fail.
    /// </summary>
    OnItself,

    /// <summary>Set limits of the calling process only (process id 0). Reading those of others is allowed.</summary>
    LimitsOfItself,

    /// <summary>Set the priority of the calling thread only.</summary>
    PriorityOfItself,

    /// <summary>Set the I/O priority of the calling thread only.</summary>
    IoPriorityOfItself,

    /// <summary>Control devices, but do not inject input into a terminal.</summary>
    NoTerminalInput,
}

/// <summary>A restricted system call, and its number in each ABI; null if the ABI does not have it.</summary>
public sealed record FilteredSyscall(string Name, SyscallRule Rule, int? X64, int? X86, int? Arm64, int? Arm)
{
    /// <summary>
    /// The restricted calls. Landlock does not cover them, and each can affect processes or data of other jobs of the
    /// same user.
    /// </summary>
    public static readonly IReadOnlyList<FilteredSyscall> All =
    [
        // It can set limits of another process of the same user: an RLIMIT_CPU of 1 s kills it, an RLIMIT_CORE lets it
        // dump its memory to a file.
        new("prlimit64", SyscallRule.LimitsOfItself, 302, 340, 261, 369),
        new("sched_setparam", SyscallRule.OnItself, 142, 154, 118, 154),
        new("sched_setscheduler", SyscallRule.OnItself, 144, 156, 119, 156),
        new("sched_setaffinity", SyscallRule.OnItself, 203, 241, 122, 241),
        new("sched_setattr", SyscallRule.OnItself, 314, 351, 274, 380),
        new("setpriority", SyscallRule.PriorityOfItself, 141, 97, 140, 97),
        new("ioprio_set", SyscallRule.IoPriorityOfItself, 251, 289, 30, 314),
        // All jobs of the user share its keyrings. Docker's default profile also denies these calls.
        new("add_key", SyscallRule.Refused, 248, 286, 217, 309),
        new("request_key", SyscallRule.Refused, 249, 287, 218, 310),
        new("keyctl", SyscallRule.Refused, 250, 288, 219, 311),
        // io_uring performs operations that no filter sees. Docker's default profile also denies these calls.
        new("io_uring_setup", SyscallRule.Refused, 425, 425, 425, 425),
        new("io_uring_enter", SyscallRule.Refused, 426, 426, 426, 426),
        new("io_uring_register", SyscallRule.Refused, 427, 427, 427, 427),
        // System V IPC and POSIX message queues: a script that knows or guesses an id or a name can use another job's.
        new("shmget", SyscallRule.Absent, 29, 395, 194, 307),
        new("shmat", SyscallRule.Absent, 30, 397, 196, 305),
        new("shmctl", SyscallRule.Absent, 31, 396, 195, 308),
        new("semget", SyscallRule.Absent, 64, 393, 190, 299),
        new("semop", SyscallRule.Absent, 65, null, 193, 298),
        new("semctl", SyscallRule.Absent, 66, 394, 191, 300),
        new("semtimedop", SyscallRule.Absent, 220, null, 192, 312),
        new("semtimedop_time64", SyscallRule.Absent, null, 420, null, 420),
        new("msgget", SyscallRule.Absent, 68, 399, 186, 303),
        new("msgsnd", SyscallRule.Absent, 69, 400, 189, 301),
        new("msgrcv", SyscallRule.Absent, 70, 401, 188, 302),
        new("msgctl", SyscallRule.Absent, 71, 402, 187, 304),
        new("ipc", SyscallRule.Absent, null, 117, null, 117),
        new("mq_open", SyscallRule.Absent, 240, 277, 180, 274),
        new("mq_unlink", SyscallRule.Absent, 241, 278, 181, 275),
        new("ioctl", SyscallRule.NoTerminalInput, 16, 54, 29, 54),
    ];

    /// <summary>The call's number in an ABI, or null.</summary>
    public int? In(SyscallAbi abi) =>
        abi switch
        {
            SyscallAbi.X64 => X64,
            SyscallAbi.X86 => X86,
            SyscallAbi.Arm64 => Arm64,
            _ => Arm,
        };
}
