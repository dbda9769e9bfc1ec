using CustomExecutor.Core;
using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Sandbox;
using CustomExecutor.Core.Settings;
using CustomExecutor.Host.Processes;
using CustomExecutor.Host.Sandbox;
using CustomExecutor.Scripts;

namespace CustomExecutor.Commands.Doctor;

/// <summary>Checks how well this host restricts scripts to their own job.</summary>
internal sealed class SandboxCheckup(RunnerEnvironment runner, DriverSettings settings, string? settingsFile)
{
    private readonly IReadOnlyList<string> _configFiles =
    [
        .. RunnerProcess.ConfigFiles().Concat(RunnerProcess.ConfigFilesOfHost()).Distinct(),
    ];

    /// <summary>Runs the checks.</summary>
    public IReadOnlyList<Finding> Run()
    {
        if (settings.ScriptSandbox.Mode == SandboxMode.Never)
        {
            return
            [
                new Finding(
                    "scripts",
                    Health.Bad,
                    "not confined",
                    "scriptSandbox.mode is \"never\": let one runner serve only projects that trust each other"
                ),
            ];
        }

        try
        {
            var plan = Plan(out var hidden);
            var strength = ScriptSandbox.Strength(plan.Grants);
            if (strength.Absence is { } absence)
                return [new Finding("scripts", Health.Bad, "not confined", absence)];

            var rights = new LandlockRights(strength.Abi);
            using var sandbox = Landlock.Create(rights, plan.Grants);
            var trial = SandboxTrial.Run(sandbox, hidden);
            return
            [
                .. Files(trial),
                .. Processes(trial),
                .. Gaps(strength),
                .. new SocketFindings(strength.Sockets, ReachedSockets.All(rights, sandbox)).All(),
                .. Directories(plan),
                .. Sudo(),
            ];
        }
        catch (DriverException e)
        {
            return [new Finding("scripts", Health.Bad, "not confined", e.Message)];
        }
    }

    /// <summary>The plan for an imaginary job, and the paths that it must not access.</summary>
    private SandboxPlan Plan(out IReadOnlyList<string> hidden)
    {
        var attempt = new AttemptPaths(Path.Join(Path.GetTempPath(), "custom-executor-doctor"));
        var policy = SandboxPolicy.Of(
            runner,
            settings,
            settingsFile,
            attempt,
            new Workspace(attempt.Job, attempt.Job, attempt.Job)
        );
        policy = policy with { Hidden = [.. policy.Hidden, .. _configFiles] };
        hidden = [.. policy.Hidden.Select(path => HostPaths.Follow(path).End).Distinct()];
        return SandboxPlan.Of(policy, HostPaths.Follow, HostPaths.Entries);
    }

    private IEnumerable<Finding> Files(SandboxTrial trial)
    {
        var ofRunner = _configFiles.Select(path => HostPaths.Follow(path).End).ToHashSet();
        return trial.Files.Select(file =>
            Of(DisplayText.Of(file.Path), file.Reached, ofRunner.Contains(file.Path) ? "the runner's --config" : "")
        );
    }

    private static IEnumerable<Finding> Processes(SandboxTrial trial)
    {
        yield return Of("other processes' memory and environment", trial.ReadsEnvironments);
        yield return Of("signals to other processes", trial.Signals);
        if (trial.Watches)
        {
            yield return new Finding(
                "names of files that other jobs make (inotify)",
                Health.Note,
                "reported",
                "no kernel prevents this for files of the same user; their content is not accessible"
            );
        }
    }

    private static Finding Of(string what, bool reached, string otherwise = "") =>
        new(
            what,
            reached ? Health.Bad : Health.Good,
            reached ? "REACHED" : "out of reach",
            reached ? "a script could access it" : otherwise
        );

    private static IEnumerable<Finding> Gaps(SandboxStrength strength)
    {
        foreach (var (doing, why) in strength.Gaps)
            yield return new Finding(doing, Health.Bad, "not prevented", why);
        if (strength.Abi < LandlockRights.SocketAbi)
        {
            yield return new Finding(
                "other jobs' unix sockets (ssh-agent)",
                Health.Note,
                "reached by path",
                "a script that knows the path can connect; needs Linux 7.1"
            );
        }

        if (strength.Hindrance is { } hindrance)
            yield return new Finding("rename", Health.Note, "hindered", hindrance);
    }

    private IEnumerable<Finding> Directories(SandboxPlan plan)
    {
        foreach (var path in plan.Closed)
        {
            yield return new Finding(
                path,
                Health.Note,
                "closed",
                "it holds other jobs' files, or the settings hide it; scripts write to $TMPDIR"
            );
        }

        foreach (var path in HostDirectories.Temporary.Except(plan.Closed).Where(Directory.Exists))
        {
            yield return new Finding(
                path,
                Health.Note,
                "shared",
                "all jobs can write there; to close it, list it in scriptSandbox.hide"
            );
        }
        foreach (var path in settings.ScriptSandbox.Allow.Where(path => !Path.Exists(path)))
        {
            yield return new Finding(
                DisplayText.Of(path),
                Health.Bad,
                "missing",
                "listed in scriptSandbox.allow, but it does not exist"
            );
        }

        foreach (var refusal in plan.Refused)
            yield return new Finding(DisplayText.Of(refusal.Opening.Path), Health.Bad, "refused", refusal.Message);
    }

    private static IEnumerable<Finding> Sudo() =>
        [new Finding("sudo, su and the like", Health.Note, "without effect", "a confined process can't gain rights")];
}
