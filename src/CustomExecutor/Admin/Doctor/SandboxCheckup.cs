using CustomExecutor.Core.Job;
using CustomExecutor.Core.Script.Sandbox;
using CustomExecutor.Core.Settings;
using CustomExecutor.Host.Sandbox;
using CustomExecutor.Stages;

namespace CustomExecutor.Admin.Doctor;

/// <summary>How well this host keeps scripts from what is not their job's.</summary>
internal sealed class SandboxCheckup(RunnerEnvironment runner, DriverSettings settings, string? settingsFile)
{
    private readonly SandboxStrength _strength = ScriptSandbox.Strength();

    /// <summary>Looks and tries.</summary>
    public IReadOnlyList<Finding> Run()
    {
        if (settings.ScriptSandbox.Mode == SandboxMode.Never)
            return [new Finding("scripts", Health.Bad, "not confined", "scriptSandbox.mode is \"never\": let one runner serve only projects that trust each other")];
        if (_strength.Absence is { } absence) return [new Finding("scripts", Health.Bad, "not confined", absence)];

        var attempt = new AttemptPaths(Path.Join(Path.GetTempPath(), "custom-executor-doctor"));
        var policy = SandboxPolicy.Of(runner, settings, settingsFile, attempt, new Workspace(attempt.Job, attempt.Job, attempt.Job));
        var plan = SandboxPlan.Of(policy, HostPaths.Real, HostPaths.Entries);
        try
        {
            var trial = SandboxTrial.Run(new LandlockRights(_strength.Abi), plan.Grants, policy.Hidden.Select(HostPaths.Real).Distinct());
            return [.. Files(trial), .. Processes(trial), .. Gaps(), .. Directories(plan), .. Sudo()];
        }
        catch (DriverException e)
        {
            return [new Finding("scripts", Health.Bad, "not confined", e.Message)];
        }
    }

    private static IEnumerable<Finding> Files(SandboxTrial trial) => trial.Files.Select(file => Of(DisplayText.Of(file.Path), file.Reached));

    private static IEnumerable<Finding> Processes(SandboxTrial trial) =>
    [
        Of("other processes' memory and environment", trial.ReadsEnvironments),
        Of("signals to other processes", trial.Signals),
    ];

    private static Finding Of(string what, bool reached) =>
        new(what, reached ? Health.Bad : Health.Good, reached ? "REACHED" : "out of reach", reached ? "a script managed it" : "");

    private IEnumerable<Finding> Gaps()
    {
        foreach (var (doing, why) in _strength.Gaps) yield return new Finding(doing, Health.Bad, "not prevented", why);
        if (_strength.Abi < LandlockRights.SocketAbi)
            yield return new Finding("other jobs' unix sockets (ssh-agent)", Health.Note, "reached by path", "whoever knows the path connects; that takes Linux 7.1");
        if (_strength.Hindrance is { } hindrance) yield return new Finding("rename", Health.Note, "hindered", hindrance);
    }

    private IEnumerable<Finding> Directories(SandboxPlan plan)
    {
        foreach (var path in plan.Closed)
            yield return new Finding(path, Health.Note, "closed", "other jobs' files lie in it, or the settings hide it; $TMPDIR is the place to write");
        foreach (var path in HostDirectories.Temporary.Except(plan.Closed).Where(Directory.Exists))
            yield return new Finding(path, Health.Note, "shared", "all jobs write there; scriptSandbox.hide closes it");
        foreach (var path in settings.ScriptSandbox.Allow.Where(path => !Path.Exists(path)))
            yield return new Finding(DisplayText.Of(path), Health.Bad, "missing", "scriptSandbox.allow names it, but there is nothing");
    }

    private static IEnumerable<Finding> Sudo() =>
        [new Finding("sudo, su and the like", Health.Note, "without effect", "a confined process can't gain rights")];
}
