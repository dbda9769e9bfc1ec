using CustomExecutor.Core.Runner;

namespace CustomExecutor.Core.JobPod;

/// <summary>Which services' logs a job shows in its own log.</summary>
public static class ShownServiceLogs
{
    private const string Variable = "CI_DEBUG_SERVICES";

    /// <summary>What Go's <c>strconv.ParseBool</c> takes for true: GitLab Runner reads the variable with it, and warns
    /// of values that are neither true nor false.</summary>
    private static readonly string[] True = ["1", "t", "T", "TRUE", "true", "True"];

    /// <summary>The services' containers and their names in front of each line, as the Kubernetes executor builds them
    /// (<c>captureServiceContainersLogs</c>): the image and the aliases. None where the job does not ask for
    /// them.</summary>
    /// <param name="job">The job.</param>
    public static IReadOnlyList<(string Container, string Name)> Of(JobContext job) =>
        IsWanted(new VariableText(job.Variables))
            ?
            [
                .. ServicePlan
                    .Started(job.Services)
                    .Select(start =>
                        (
                            start.Container,
                            string.Join('-', [ServiceNames.Path(start.Service.Name!), .. start.Service.Aliases])
                        )
                    ),
            ]
            : [];

    private static bool IsWanted(VariableText variables) =>
        variables.All.FirstOrDefault(v => v.Key == Variable) is { Value: { } value } variable
        && True.Contains(variable.Raw ? value : variables.Expand(value, out _));
}
