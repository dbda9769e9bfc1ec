using static CustomExecutor.Core.Settings.SettingsMistakes;

namespace CustomExecutor.Core.Settings;

/// <summary>What the settings of a job's pod must obey so that the API server takes it.</summary>
internal static class JobRules
{
    /// <summary>Kubernetes takes no greater user's or group's number.</summary>
    private const long GreatestId = int.MaxValue;

    private const int MostServices = 100;

    /// <summary>Adds every mistake.</summary>
    public static void Check(DriverSettings settings, SettingsMistakes mistakes)
    {
        var job = settings.Job;
        BuilderRules.CheckImage("job.image", job.Image, ToolSettings.DefaultImage, mistakes);
        CheckPatterns("job.allowedImages", job.AllowedImages, mistakes);
        CheckPatterns("job.allowedServices", job.AllowedServices, mistakes);
        CheckPolicies(job.PullPolicies, mistakes);
        ResourceRules.Check("job.resources", job.Resources, new JobResourceSettings(), mistakes);
        ResourceRules.CheckBytes("job.volumeSizeLimit", job.VolumeSizeLimit, mistakes);
        CheckUser(job, mistakes);
        VolumeRules.Check(job.Volumes, mistakes);
        NameRules.Check(job, mistakes);

        ResourceRules.Check("services.resources", settings.Services.Resources, new ServiceResourceSettings(), mistakes);
        if (settings.Services.Limit is < 0 or > MostServices)
            mistakes.Add("services.limit", $"{settings.Services.Limit} is not between 0 and {MostServices}");
        if (settings.Helper.Image is { } helper)
            BuilderRules.CheckImage("helper.image", helper, "GitLab's own", mistakes);
        ResourceRules.Check("helper.resources", settings.Helper.Resources, new HelperResourceSettings(), mistakes);
        BuilderRules.CheckImage("tools.image", settings.Tools.Image, ToolSettings.DefaultImage, mistakes);
        CheckEngine(settings, mistakes);
    }

    private static void CheckEngine(DriverSettings settings, SettingsMistakes mistakes)
    {
        var engine = settings.Engine;
        if (engine.Image is { } image)
            BuilderRules.CheckImage("engine.image", image, "no Docker Engine API", mistakes);
        ResourceRules.Check("engine.resources", engine.Resources, new EngineResourceSettings(), mistakes);
        ResourceRules.CheckBytes("engine.storeSizeLimit", engine.StoreSizeLimit, mistakes);
        if (
            settings is { Docker.EngineApi: true, Engine.Image: null, Scripts.RunIn: ScriptPlace.Pod }
            && mistakes.WasRead("engine.image")
        )
        {
            mistakes.Add(
                "docker.engineApi",
                "true needs engine.image: name an image with custom-executor-engine-api (runner/Dockerfile builds one)"
            );
        }
    }

    private static void CheckPatterns(string path, IReadOnlyList<string> patterns, SettingsMistakes mistakes)
    {
        for (var i = 0; i < patterns.Count; i++)
        {
            if (patterns[i] is { } pattern && GlobPattern.MistakeOf(pattern) is { } mistake)
                mistakes.Add(Item(path, i), $"{Quoted(pattern)} {mistake}");
        }
    }

    private static void CheckPolicies(IReadOnlyList<ImagePullPolicy> policies, SettingsMistakes mistakes)
    {
        const string path = "job.pullPolicies";
        if (policies.Count == 0)
            mistakes.Add(path, "it allows no policy at all; name one of Always, IfNotPresent, Never");
        for (var i = 1; i < policies.Count; i++)
        {
            if (mistakes.WasRead(Item(path, i)) && policies.Take(i).Contains(policies[i]))
                mistakes.Add(Item(path, i), $"{Quoted(policies[i].ToString())} is there more than once; keep one");
        }
    }

    private static void CheckUser(JobSettings job, SettingsMistakes mistakes)
    {
        CheckId("job.runAsUser", job.RunAsUser, mistakes);
        CheckId("job.runAsGroup", job.RunAsGroup, mistakes);
        for (var i = 0; i < job.AllowedUsers.Count; i++)
            CheckId(Item("job.allowedUsers", i), job.AllowedUsers[i], mistakes);
        for (var i = 0; i < job.AllowedGroups.Count; i++)
            CheckId(Item("job.allowedGroups", i), job.AllowedGroups[i], mistakes);
        if (job is { RunAsUser: 0, SecurityContext: JobSecurityContext.Restricted })
        {
            mistakes.Add(
                "job.runAsUser",
                "0 is root, which job.securityContext \"restricted\" refuses; name another user or leave one of "
                    + "them out"
            );
        }
    }

    private static void CheckId(string path, long? id, SettingsMistakes mistakes)
    {
        if (id is < 0 or > GreatestId)
            mistakes.Add(path, $"{id} is not between 0 and {GreatestId}");
    }
}
