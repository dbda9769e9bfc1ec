using CustomExecutor.Attempt;
using CustomExecutor.Core;
using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Sandbox;
using CustomExecutor.Core.Settings;
using CustomExecutor.Host.Files;
using CustomExecutor.Host.Processes;
using CustomExecutor.Host.Sandbox;

namespace CustomExecutor.Scripts;

/// <summary>Keeps a job's script from all that is not its job's.</summary>
internal sealed class ScriptSandbox(StageInput input)
{
    private SandboxMode Mode => input.Settings.ScriptSandbox.Mode;

    /// <summary>How well this host can confine scripts of this process's user: its sockets are tried from within the
    /// sandbox.</summary>
    /// <param name="grants">What a script is granted.</param>
    public static SandboxStrength Strength(IEnumerable<SandboxGrant> grants)
    {
        var (abi, absence) = Landlock.Version();
        if (abi == 0)
            return new SandboxStrength(0, absence, FileMetadata.OwnUser == 0, []);
        var rights = new LandlockRights(abi);
        using var sandbox = Landlock.Create(rights, grants);
        return Strength(rights, sandbox);
    }

    /// <summary>Refuses the job where the settings are wrong, or want a confinement that this host can't
    /// give.</summary>
    /// <exception cref="DriverException">They open something hidden through a link; or they say <c>always</c>, and this
    /// host can't.</exception>
    public void Require()
    {
        if (Mode == SandboxMode.Never)
            return;
        var plan = Plan(null, []);
        RequireSettings(plan);
        if (Mode == SandboxMode.Always && Strength(plan.Grants).Refusal() is { } refusal)
            throw new DriverException(refusal);
    }

    /// <summary>What the author has to know of it, a line each, once a job: what this host can't do, and where a script
    /// can't write as it may be used to.</summary>
    public IReadOnlyList<string> Notes()
    {
        if (Mode == SandboxMode.Never)
            return [];
        var plan = Plan(null, []);
        var strength = Strength(plan.Grants);
        if (strength.Abi == 0)
            return [strength.Line()!];
        return
        [
            .. strength.Line() is { } line ? [line] : Array.Empty<string>(),
            .. plan.Refused.Select(refusal => refusal.Message),
            .. plan.Closed.Count == 0
                ? []
                : (string[])
                    [
                        $"The job's script can't use {DisplayText.Of(string.Join(", ", plan.Closed))}, because it "
                            + "holds other jobs' files, or the admin closed it. Write to $TMPDIR instead.",
                    ],
        ];
    }

    /// <summary>The confinement of one script; null where there is none to be had or none wanted.</summary>
    /// <param name="script">The runner's script file.</param>
    /// <param name="record">What prepare has found out.</param>
    /// <exception cref="DriverException">As <see cref="Require"/>.</exception>
    public Landlock? Create(string script, AttemptRecord record)
    {
        if (Mode == SandboxMode.Never)
            return null;
        var (abi, absence) = Landlock.Version();
        if (abi == 0)
        {
            if (Mode == SandboxMode.Always)
                throw new DriverException(new SandboxStrength(0, absence, FileMetadata.OwnUser == 0, []).Refusal()!);
            return null;
        }

        var plan = Plan(script, record.ClusterFiles ?? []);
        RequireSettings(plan);
        var rights = new LandlockRights(abi);
        var sandbox = Landlock.Create(rights, plan.Grants);
        if (Mode != SandboxMode.Always || Strength(rights, sandbox).Refusal() is not { } refusal)
            return sandbox;
        sandbox.Dispose();
        throw new DriverException(refusal);
    }

    /// <summary>What is granted.</summary>
    /// <param name="script">The runner's script file, which lies beside the job response.</param>
    /// <param name="clusterFiles">What a kubeconfig leads to.</param>
    public SandboxPlan Plan(string? script, IReadOnlyList<string> clusterFiles)
    {
        var policy = SandboxPolicy.Of(
            input.Runner,
            input.Settings,
            input.SettingsFile,
            input.Job.Paths,
            input.Workspace
        );
        return SandboxPlan.Of(
            policy with
            {
                Own = script is null ? policy.Own : [.. policy.Own, new SandboxGrant(script, SandboxAccess.Read)],
                Hidden = [.. policy.Hidden, .. clusterFiles, .. RunnerProcess.ConfigFiles()],
            },
            HostPaths.Follow,
            HostPaths.Entries
        );
    }

    private static SandboxStrength Strength(LandlockRights rights, Landlock sandbox) =>
        new(rights.Abi, null, FileMetadata.OwnUser == 0, ReachedSockets.Escapes(rights, sandbox), Seccomp.Absence());

    private static void RequireSettings(SandboxPlan plan)
    {
        if (
            plan.Refused.Where(refusal => refusal.IsOfSettings).Select(refusal => refusal.Message).ToList() is
            { Count: > 0 } messages
        )
        {
            throw new DriverException(string.Join('\n', messages));
        }
    }
}
