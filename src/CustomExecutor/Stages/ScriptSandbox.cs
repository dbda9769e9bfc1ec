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

    /// <summary>Refuses the job where the settings want a confinement that this host can't give.</summary>
    /// <exception cref="DriverException">They say <c>always</c>, and this host can't.</exception>
    public void Require()
    {
        if (input.Settings.ScriptSandbox.Mode == SandboxMode.Always && Strength().Refusal() is { } refusal) throw new DriverException(refusal);
    }

    /// <summary>What the author has to know of it, a line each, once a job: what this host can't do, and where a script can't write as it may be used to.</summary>
    public IReadOnlyList<string> Notes()
    {
        if (input.Settings.ScriptSandbox.Mode == SandboxMode.Never) return [];
        var strength = Strength();
        var closed = strength.Abi > 0 ? Plan(null, []).Closed : [];
        return
        [
            .. strength.Line() is { } line ? [line] : Array.Empty<string>(),
            .. closed.Count == 0 ? [] : (string[])[$"The job's script can't use {DisplayText.Of(string.Join(", ", closed))}, where other jobs' files lie or the admin has closed it: $TMPDIR is the place to write."],
        ];
    }

    /// <summary>The confinement of one script; null where there is none to be had or none wanted.</summary>
    /// <param name="script">The runner's script file.</param>
    /// <param name="state">What prepare has found out.</param>
    /// <exception cref="DriverException">The settings say <c>always</c>, and this host can't.</exception>
    public Landlock? Create(string script, AttemptState state)
    {
        if (input.Settings.ScriptSandbox.Mode == SandboxMode.Never) return null;
        var (abi, _) = Landlock.Version();
        Require();
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
}
