using CustomExecutor.Core.Job;
using CustomExecutor.Core.Script;
using CustomExecutor.Core.Script.Sandbox;
using CustomExecutor.Core.Settings;
using CustomExecutor.Host;
using CustomExecutor.Host.Sandbox;

namespace CustomExecutor.Stages;

/// <summary>Keeps a job's script from all that is not its job's.</summary>
internal sealed class ScriptSandbox(StageInput input)
{
    /// <summary>How well this host can confine scripts of this process's user.</summary>
    public static SandboxStrength Strength()
    {
        var (abi, absence) = Landlock.Version();
        return new SandboxStrength(abi, absence, FileFacts.OwnUser == 0, EscapeSockets.Open());
    }

    /// <summary>Tells the author, once a job, what this host can't do; refuses the job where the settings want it done.</summary>
    /// <exception cref="DriverException">The settings say <c>always</c>, and this host can't.</exception>
    public void Announce(StageLog log)
    {
        if (input.Settings.ScriptSandbox.Mode == SandboxMode.Never) return;
        var strength = Strength();
        Require(strength);
        if (strength.Line() is { } line) log.Tell(line);
        if (strength.Abi > 0 && Plan(null, []).Closed is { Count: > 0 } closed)
            log.Tell($"The job's script can't use {DisplayText.Of(string.Join(", ", closed))}, where other jobs' files lie or the admin has closed it: $TMPDIR is the place to write");
    }

    /// <summary>The confinement of one script; null where there is none to be had or none wanted.</summary>
    /// <param name="script">The runner's script file.</param>
    /// <param name="state">What prepare has found out.</param>
    /// <exception cref="DriverException">The settings say <c>always</c>, and this host can't.</exception>
    public Landlock? Create(string script, AttemptState state)
    {
        if (input.Settings.ScriptSandbox.Mode == SandboxMode.Never) return null;
        var (abi, _) = Landlock.Version();
        if (input.Settings.ScriptSandbox.Mode == SandboxMode.Always) Require(Strength());
        return abi == 0 ? null : Landlock.Create(new LandlockRights(abi), Plan(script, state.ClusterFiles ?? []).Grants);
    }

    /// <summary>What is granted.</summary>
    /// <param name="script">The runner's script file, which lies beside the job response.</param>
    /// <param name="clusterFiles">What a kubeconfig leads to.</param>
    public SandboxPlan Plan(string? script, IReadOnlyList<string> clusterFiles)
    {
        var policy = SandboxPolicy.Of(input.Runner, input.Settings, input.SettingsFile, input.Job.Paths, input.Workspace);
        return SandboxPlan.Of(
            policy with
            {
                Own = script is null ? policy.Own : [.. policy.Own, new SandboxGrant(script, SandboxAccess.Read)],
                Hidden = [.. policy.Hidden, .. clusterFiles],
            },
            HostPaths.Real,
            HostPaths.Entries);
    }

    private void Require(SandboxStrength strength)
    {
        if (input.Settings.ScriptSandbox.Mode == SandboxMode.Always && strength.Refusal() is { } refusal) throw new DriverException(refusal);
    }
}
