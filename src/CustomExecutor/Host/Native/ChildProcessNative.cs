using System.Runtime.InteropServices;

namespace CustomExecutor.Host.Native;

/// <summary>
/// The C library's functions to start, signal and await a child. All numbers are the same in glibc and musl.
/// </summary>
internal static unsafe partial class ChildProcessNative
{
    // posix_spawnattr_t, posix_spawn_file_actions_t, sigset_t and siginfo_t are opaque. The largest has 336 bytes (in
    // both libraries).
    public const int OpaqueSize = 512;

    public const short SetDefaultSignals = 0x04;
    public const short SetSignalMask = 0x08;
    public const short SetSession = 0x80;

    public const int OpenReadOnly = 0;
    public const int MayExecute = 1;

    public const int WaitForAny = 0;
    public const int WaitForPid = 1;
    public const int WaitExited = 4;
    public const int WaitNoHang = 1;
    public const int WaitLeaveZombie = 0x0100_0000;

    /// <summary><c>__WALL</c>: also a child that sends another signal than SIGCHLD when it ends, or none.</summary>
    public const int WaitEveryKind = 0x4000_0000;

    public const int ExitedByItself = 1;

    public const int NoSuchProcess = 3;
    public const int Interrupted = 4;
    public const int NoChild = 10;

    // siginfo_t of SIGCHLD on 64-bit Linux: signo, errno, code, padding, pid, uid, status.
    public const int InfoCodeIndex = 2;
    public const int InfoPidIndex = 4;
    public const int InfoStatusIndex = 6;

    public const long CloseRangeCall = 436;
    public const uint CloseRangeOnExec = 4;

    [LibraryImport("libc", EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Spawn(
        out int pid,
        string path,
        void* fileActions,
        void* attributes,
        byte** arguments,
        byte** environment
    );

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    public static partial int InitAttributes(void* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    public static partial int DestroyAttributes(void* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    public static partial int SetFlags(void* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    public static partial int SetSignalsToDefault(void* attributes, void* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    public static partial int SetMask(void* attributes, void* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    public static partial int InitFileActions(void* fileActions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    public static partial int DestroyFileActions(void* fileActions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    public static partial int AddDuplicate(void* fileActions, int descriptor, int asDescriptor);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int AddOpen(void* fileActions, int asDescriptor, string path, int flags, uint mode);

    [LibraryImport(
        "libc",
        EntryPoint = "posix_spawn_file_actions_addchdir_np",
        StringMarshalling = StringMarshalling.Utf8
    )]
    public static partial int AddWorkingDirectory(void* fileActions, string path);

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    public static partial int Wait(int kind, int id, int* info, int options);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    public static partial int Reap(int pid, int* status, int options);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "getpgrp")]
    public static partial int ProcessGroup();

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    public static partial int ProcessControl(int option, nuint value, nuint unused3, nuint unused4, nuint unused5);

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Access(string path, int mode);

    // By number: musl, and glibc before 2.34, have no function for it.
    [LibraryImport("libc", EntryPoint = "syscall")]
    public static partial long CloseRange(long call, uint first, uint last, uint flags);

    [LibraryImport("libc", EntryPoint = "getppid")]
    public static partial int ParentProcess();

    /// <summary>Ends this process immediately, without exit handlers.</summary>
    [LibraryImport("libc", EntryPoint = "_exit")]
    public static partial void ExitNow(int code);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetEnvironment(string name, string value, int overwrite);
}
