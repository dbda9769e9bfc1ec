using CustomExecutor.Core.Docker;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Settings;
using CustomExecutor.Docker;
using CustomExecutor.Host.Processes;

namespace CustomExecutor.Commands.Doctor;

/// <summary>Whether jobs have a Docker Engine API on this host.</summary>
internal static class EngineFinding
{
    private const string What = "docker push, pull, tag and load";

    /// <summary>The finding; a problem only where the admin demands what is not there.</summary>
    public static Finding Of(RunnerEnvironment environment, DriverSettings settings)
    {
        if (settings.Docker.EngineApi == false)
            return new Finding(What, Health.Note, "not served", "docker.engineApi is false");
        var hasDocker = ChildProcessFile.Find(new ChildProcessStart("docker", [], environment.Variables)) is not null;
        return EngineOnHost.Absence(EngineFiles.Program, EngineFiles.IsThere(settings), hasDocker) is { } absence
            ? new Finding(What, settings.Docker.EngineApi == true ? Health.Bad : Health.Note, "not served", absence)
            : new Finding(What, Health.Good, "served", "");
    }
}
