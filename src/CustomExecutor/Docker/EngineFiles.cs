using CustomExecutor.Core;
using CustomExecutor.Core.Docker;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Settings;
using CustomExecutor.Host.Files;
using CustomExecutor.Host.Logging;
using CustomExecutor.Host.Native;
using k8s.Models;

namespace CustomExecutor.Docker;

/// <summary>The Docker Engine API of a job whose scripts run on the host.</summary>
internal static class EngineFiles
{
    /// <summary>Where its program has to be.</summary>
    public static string Program { get; } = Path.Join(AppContext.BaseDirectory, EngineOnHost.ProgramName);

    /// <summary>Whether scripts may run it.</summary>
    public static bool IsThere(DriverSettings settings) =>
        settings.Docker.EngineApi != false && ChildProcessNative.Access(Program, ChildProcessNative.MayExecute) == 0;

    /// <summary>The job's Engine API; null if it has none.</summary>
    /// <exception cref="DriverException">The admin demands it, and it can't run here.</exception>
    public static EngineOnHost? Prepare(DriverSettings settings, AttemptPaths paths, bool hasDocker, StageLog log)
    {
        if (settings.Docker.EngineApi == false)
            return null;
        var absence = EngineOnHost.Absence(Program, IsThere(settings), hasDocker);
        if ((absence ?? EngineOnHost.Obstacle(paths)) is { } reason)
        {
            if (settings.Docker.EngineApi == true)
                throw new DriverException($"docker.engineApi is true, but {reason}.");
            // An installation without it is in order; a directory in which it can't work is an accident.
            if (absence is null)
                log.WriteToJobLog($"This job has no Docker Engine API: {reason}.");
            return null;
        }

        PrivateFiles.MakeDirectory(paths.Engine);
        return new EngineOnHost(Program, paths, (long)new ResourceQuantity(settings.Engine.StoreSizeLimit).ToDecimal());
    }

    /// <summary>Gives it the configuration of the job's builder.</summary>
    public static void WriteConfig(AttemptPaths paths, string buildkitdToml) =>
        PrivateFiles.Write(EngineOnHost.BuildkitdConfig(paths), buildkitdToml);
}
