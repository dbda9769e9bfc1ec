using System.Runtime.InteropServices;
using CustomExecutor.Core;
using CustomExecutor.Core.Sandbox;
using CustomExecutor.Host.Native;
using Microsoft.Win32.SafeHandles;
using static CustomExecutor.Host.Native.LandlockNative;

namespace CustomExecutor.Host.Sandbox;

/// <summary>
/// A Landlock ruleset, with which a thread gives up rights for itself and everything that it starts. A script's ruleset
/// also has the filter for system calls that Landlock does not cover. It needs no privileges.
/// </summary>
internal sealed unsafe class Landlock : IDisposable
{
    private readonly SafeFileHandle _ruleset;
    private readonly Seccomp? _filter;

    private Landlock(SafeFileHandle ruleset, bool scopesSignals, Seccomp? filter) =>
        (_ruleset, ScopesSignals, _filter) = (ruleset, scopesSignals, filter);

    /// <summary>Whether confined processes can signal only each other (Linux 6.12).</summary>
    public bool ScopesSignals { get; }

    /// <summary>The kernel's Landlock ABI version; or 0 and the reason, half a sentence.</summary>
    public static (int Abi, string? Absence) Version()
    {
        var version = CreateRuleset(CreateRulesetCall, null, 0, VersionFlag);
        return version > 0
            ? ((int)version, null)
            : (
                0,
                Marshal.GetLastPInvokeError() switch
                {
                    NoSuchCall => "this kernel has no Landlock (needs Linux 5.13)",
                    NotSupported =>
                        "Landlock is switched off in this kernel (its parameter lsm= does not name landlock)",
                    NotPermitted => "a seccomp profile forbids Landlock's system calls",
                    var error => $"Landlock can't be used: {Marshal.GetPInvokeErrorMessage(error)}",
                }
            );
    }

    /// <summary>
    /// Creates a ruleset that denies everything except the grants. Paths that do not exist are skipped.
    /// </summary>
    /// <exception cref="DriverException">The kernel rejects it.</exception>
    public static Landlock Create(LandlockRights rights, IEnumerable<SandboxGrant> grants)
    {
        var ruleset = new Landlock(Ruleset(rights, rights.Handled), rights.Scoped != 0, Seccomp.Create());
        foreach (var grant in grants)
        {
            ruleset.Grant(
                grant.Path,
                rights.Of(grant.Access, isDirectory: true),
                rights.Of(grant.Access, isDirectory: false)
            );
        }

        return ruleset;
    }

    /// <summary>Creates a ruleset that only denies signals to processes outside it.</summary>
    /// <exception cref="DriverException">The kernel rejects it.</exception>
    public static Landlock CreateScope(LandlockRights rights)
    {
        // Each domain denies moves between directories unless it grants them, even if it denies nothing else
        // (LANDLOCK_ACCESS_FS_REFER).
        var scope = new Landlock(Ruleset(rights, LandlockRights.Refer), scopesSignals: true, filter: null);
        scope.Grant("/", LandlockRights.Refer, ofFile: 0);
        return scope;
    }

    /// <summary>
    /// Confines the calling thread permanently. After that, the thread must not allocate memory: .NET might then make
    /// it signal other threads.
    /// </summary>
    /// <returns>0, or the system's error number.</returns>
    public int RestrictCallingThread()
    {
        // The kernel requires this: otherwise denied operations could confuse a program with more rights. Programs like
        // sudo do not work in scripts.
        if (
            ChildProcessNative.ProcessControl(NoNewPrivileges, 1, 0, 0, 0) != 0
            || RestrictSelf(RestrictSelfCall, Descriptor, 0) != 0
        )
        {
            return Marshal.GetLastPInvokeError();
        }

        return _filter?.RestrictCallingThread() ?? 0;
    }

    public void Dispose()
    {
        _ruleset.Dispose();
        _filter?.Dispose();
    }

    private static SafeFileHandle Ruleset(LandlockRights rights, ulong handled)
    {
        var attributes = new RulesetAttributes { HandledAccess = handled, Scoped = rights.Scoped };
        var descriptor = CreateRuleset(CreateRulesetCall, &attributes, rights.AttributeSize, 0);
        return descriptor >= 0
            ? new SafeFileHandle((nint)descriptor, ownsHandle: true)
            : throw Failure("makes no ruleset");
    }

    private void Grant(string path, ulong ofDirectory, ulong ofFile)
    {
        // Links were already resolved when the plan was created. If there is a link in the path now, a script created
        // it.
        var how = new OpenHow
        {
            Flags = (ulong)(uint)(FileCalls.PathOnly | FileCalls.NoFollow | FileCalls.CloseOnExec),
            Resolve = NoLinks,
        };
        var file = (int)OpenAs(OpenAsCall, FileCalls.CurrentDirectory, path, &how, (nuint)sizeof(OpenHow));
        if (file < 0)
            return;
        try
        {
            var rule = new PathAttributes { AllowedAccess = ofDirectory, Parent = file };
            if (AddRule(AddRuleCall, Descriptor, RuleOfPath, &rule, 0) == 0)
                return;
            // Rights on directories are an error for a file.
            rule.AllowedAccess = ofFile;
            if (
                Marshal.GetLastPInvokeError() != InvalidArgument
                || AddRule(AddRuleCall, Descriptor, RuleOfPath, &rule, 0) != 0
            )
            {
                throw Failure($"takes no rule for {DisplayText.Of(path)}");
            }
        }
        finally
        {
            _ = FileCalls.Close(file);
        }
    }

    private int Descriptor => (int)_ruleset.DangerousGetHandle();

    private static DriverException Failure(string what) =>
        new(
            $"The script can't be confined: Landlock {what} "
                + $"({Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())})."
        );
}
