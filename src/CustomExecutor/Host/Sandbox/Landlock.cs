using System.Runtime.InteropServices;
using CustomExecutor.Core;
using CustomExecutor.Core.Sandbox;
using CustomExecutor.Host.Native;
using Microsoft.Win32.SafeHandles;
using static CustomExecutor.Host.Native.LandlockNative;

namespace CustomExecutor.Host.Sandbox;

/// <summary>
/// A ruleset of Landlock, by which a thread gives up rights for itself and for all that it starts; and with a script's,
/// the filter of system calls that Landlock does not cover. It needs no privilege.
/// </summary>
internal sealed unsafe class Landlock : IDisposable
{
    private readonly SafeFileHandle _ruleset;
    private readonly Seccomp? _filter;

    private Landlock(SafeFileHandle ruleset, bool scopesSignals, Seccomp? filter) =>
        (_ruleset, ScopesSignals, _filter) = (ruleset, scopesSignals, filter);

    /// <summary>Whether those who are confined by it can signal only each other (Linux 6.12).</summary>
    public bool ScopesSignals { get; }

    /// <summary>The version of the kernel's Landlock; or 0 and why there is none, half a sentence.</summary>
    public static (int Abi, string? Absence) Version()
    {
        var version = CreateRuleset(CreateRulesetCall, null, 0, TellVersion);
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

    /// <summary>A ruleset that takes all away but the grants. What does not exist is left out.</summary>
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

    /// <summary>A ruleset that takes away nothing but signals to processes that it does not confine.</summary>
    /// <exception cref="DriverException">The kernel refuses it.</exception>
    public static Landlock CreateScope(LandlockRights rights)
    {
        // Each domain denies moves from one directory to another unless it grants them, even if it denies nothing else
        // (LANDLOCK_ACCESS_FS_REFER).
        var scope = new Landlock(Ruleset(rights, LandlockRights.Refer), scopesSignals: true, filter: null);
        scope.Grant("/", LandlockRights.Refer, ofFile: 0);
        return scope;
    }

    /// <summary>Confines the calling thread for good; nothing that it does until it ends may allocate memory, for then
    /// .NET might have it signal other threads.</summary>
    /// <returns>0, or the system's error number.</returns>
    public int RestrictCallingThread()
    {
        // The kernel's condition: else a program with more rights could be fooled by what it is refused. Programs like
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
        // The paths' links were followed when the plan was made; one that is there by now, anywhere in the path, is a
        // script's and leads elsewhere.
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
