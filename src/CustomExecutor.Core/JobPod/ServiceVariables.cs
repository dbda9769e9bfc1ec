using System.Text.RegularExpressions;
using CustomExecutor.Core.Runner;

namespace CustomExecutor.Core.JobPod;

/// <summary>The environment of a service: the job's variables that are no secrets, and the service's own (<c>
/// GetServiceVariables</c> in GitLab Runner's source).</summary>
internal static partial class ServiceVariables
{
    /// <summary>The variables, each name once. What is not a valid environment variable is left out.</summary>
    /// <param name="service">The service.</param>
    /// <param name="job">The job's variables.</param>
    public static IReadOnlyList<ServiceVariable> Of(JobImage service, VariableText job)
    {
        var own = (service.Variables ?? []).OfType<JobVariable>().Select(v => (Variable: v, IsOwn: true));
        var variables = new Dictionary<string, ServiceVariable>(StringComparer.Ordinal);
        // A service's own variable may name the service's others as well as the job's.
        var all = new VariableText([.. job.All, .. own.Select(v => v.Variable with { Public = true })]);
        foreach (var (variable, isOwn) in job.All.Select(v => (Variable: v, IsOwn: false)).Concat(own))
        {
            // The file of one that is a file is the script's alone.
            if (variable is not { Key: { } name, File: false } || !(variable.Public || isOwn))
                continue;
            var hasSecret = false;
            var value = variable.Raw
                ? variable.Value ?? ""
                : (isOwn ? all : job).Expand(variable.Value ?? "", out hasSecret);
            if (Name().IsMatch(name) && !value.Contains('\0'))
                variables[name] = new ServiceVariable(name, value, hasSecret || job.HoldsSecret(value));
        }

        return [.. variables.Values];
    }

    /// <summary>What API servers of all versions take as a name, and as a key of a secret.</summary>
    [GeneratedRegex(@"^[-._a-zA-Z][-._a-zA-Z0-9]{0,200}\z")]
    private static partial Regex Name();
}
