using System.Runtime.InteropServices;

namespace CustomExecutor.Host.Native;

/// <summary>
/// Landlock's system calls. The C library has no functions for them. The numbers are the same on every architecture.
/// </summary>
internal static unsafe partial class LandlockNative
{
    public const long CreateRulesetCall = 444;
    public const long AddRuleCall = 445;
    public const long RestrictSelfCall = 446;

    /// <summary>Without a structure: returns the ABI's version.</summary>
    public const uint VersionFlag = 1;

    public const int RuleOfPath = 1;

    public const int NoNewPrivileges = 38;

    /// <summary><c>openat2</c>: older than Landlock itself (Linux 5.6).</summary>
    public const long OpenAsCall = 437;

    /// <summary>
    /// <c>RESOLVE_NO_SYMLINKS</c>: a link anywhere in the path is an error. Only its last part may be a link, which is
    /// then opened itself.
    /// </summary>
    public const ulong NoLinks = 0x04;

    public const int NotPermitted = 1;
    public const int InvalidArgument = 22;
    public const int NoSuchCall = 38;
    public const int NotSupported = 95;

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial long CreateRuleset(long call, RulesetAttributes* attributes, nuint size, uint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial long AddRule(long call, int ruleset, int kind, PathAttributes* rule, uint flags);

    // Called on the confined thread, which must not allocate memory, so it keeps no error text either.
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial long RestrictSelf(long call, int ruleset, uint flags);

    [LibraryImport("libc", EntryPoint = "syscall", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial long OpenAs(long call, int directory, string path, OpenHow* how, nuint size);

    /// <summary><c>struct landlock_ruleset_attr</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct RulesetAttributes
    {
        public ulong HandledAccess;
        public ulong HandledNetwork;
        public ulong Scoped;
    }

    /// <summary><c>struct landlock_path_beneath_attr</c>.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    public struct PathAttributes
    {
        public ulong AllowedAccess;
        public int Parent;
    }

    /// <summary><c>struct open_how</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }
}
