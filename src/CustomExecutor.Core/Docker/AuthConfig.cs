using CustomExecutor.Core.Runner;

namespace CustomExecutor.Core.Docker;

/// <summary>Finds the text of a job's <c>DOCKER_AUTH_CONFIG</c>.</summary>
public static class AuthConfig
{
    private const string Variable = "DOCKER_AUTH_CONFIG";

    /// <summary>
    /// The text, or null. Of a variable of type File the runner shows the driver the path alone, and the file is not
    /// there before the first script; its content is in the job response. That also holds for a variable whose value
    /// names one of type File: <c>DOCKER_AUTH_CONFIG: $MY_LOGINS</c>. No path that the author chooses is opened.
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
