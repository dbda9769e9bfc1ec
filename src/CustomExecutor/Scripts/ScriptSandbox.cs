using CustomExecutor.Attempt;
using CustomExecutor.Core;
using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Sandbox;
using CustomExecutor.Core.Settings;
using CustomExecutor.Docker;
using CustomExecutor.Host.Files;
using CustomExecutor.Host.Processes;
using CustomExecutor.Host.Sandbox;

namespace CustomExecutor.Scripts;

/// <summary>Restricts a job's script to its own job's files and processes.</summary>
internal sealed class ScriptSandbox(StageInput input)
{
    private SandboxMode Mode => input.Settings.ScriptSandbox.Mode;

    /// <summary>
    /// How well this host can confine scripts of this process's user. Tests sockets from inside the sandbox.
    /// </summary>
    /// <param name="grants">A script's grants.</param>
    public static SandboxStrength Strength(IEnumerable<SandboxGrant> grants)
    {
        var (abi, absence) = Landlock.Version();
        if (abi == 0)
            return new SandboxStrength(0, absence, FileMetadata.OwnUser == 0, []);
        var rights = new LandlockRights(abi);
        using var sandbox = Landlock.Create(rights, grants);
        return Strength(rights, sandbox);
    }

    /// <summary>
    /// Rejects the job if the settings are wrong, or require a confinement that this host does not support.
    /// </summary>
    /// <exception cref="DriverException">
    /// The settings open a hidden path through a link, or the mode is <c>always</c> and this host can't fully confine
    /// scripts.
    /// </exception>
    public void Require()
    {
        if (Mode == SandboxMode.Never)
            return;
        var plan = Plan(null, []);
        RequireSettings(plan);
        if (Mode == SandboxMode.Always && Strength(plan.Grants).Refusal() is { } refusal)
            throw new DriverException(refusal);
    }

    /// <summary>
    /// Notes for the author, one line each, once per job: the sandbox's gaps on this host, and directories that are
    /// unexpectedly not writable.
    /// </summary>
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

    /// <summary>Creates the sandbox of one script; null if it is not supported or disabled.</summary>
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

    /// <summary>Creates the plan of granted paths.</summary>
    /// <param name="script">The runner's script file, in the directory of the job response.</param>
    /// <param name="clusterFiles">The files that a kubeconfig refers to.</param>
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
                Openings = EngineFiles.IsThere(input.Settings)
                    ? [.. policy.Openings, new(SandboxOpening.EngineApi, EngineFiles.Program, SandboxAccess.Read)]
                    : policy.Openings,
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
