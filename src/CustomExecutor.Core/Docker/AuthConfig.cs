using CustomExecutor.Core.Runner;

namespace CustomExecutor.Core.Docker;

/// <summary>Finds the text of a job's <c>DOCKER_AUTH_CONFIG</c>.</summary>
public static class AuthConfig
{
    private const string Variable = "DOCKER_AUTH_CONFIG";

    /// <summary>
    /// The text, or null. For a variable of type File, the runner gives the driver only the path, and the file does not
    /// exist before the first script runs; its content is in the job response. The same applies to a variable whose
    /// value refers to one of type File: <c>DOCKER_AUTH_CONFIG: $MY_LOGINS</c>. The driver never opens a path that the
    /// author chose.
    /// </summary>
    /// <param name="runner">The driver's environment.</param>
    /// <param name="job">The job.</param>
    public static string? Of(RunnerEnvironment runner, JobContext job)
    {
        if (runner.JobVariable(Variable) is not { } value)
            return job.FileVariables.GetValueOrDefault(Variable);
        return job.FileVariables.GetValueOrDefault(Variable)
            ?? (value.StartsWith('/') ? job.FileVariables.GetValueOrDefault(Path.GetFileName(value)) : null)
            ?? value;
    }
}
