using System.Globalization;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Settings;

namespace CustomExecutor.Core.JobPod;

/// <summary>
/// As whom an image of the author's runs, by the Kubernetes executor's rules (<c>getContainerUIDGID</c> and
/// <c>isUserOrGroupAllowed</c> in GitLab Runner's source): the admin's choice, else the author's within what is
/// allowed, else the image's own. What is not allowed is told and does not fail the job.
/// </summary>
internal static class UserDecision
{
    /// <summary>Kubernetes takes no greater number.</summary>
    private const long Greatest = int.MaxValue;

    /// <summary>The decision.</summary>
    /// <param name="image">The author's image; null for none.</param>
    /// <param name="forced">The admin's choice.</param>
    /// <param name="settings">Whom the author may choose.</param>
    /// <param name="variables">The job's.</param>
    /// <param name="warnings">Takes what the author should know.</param>
    public static ContainerUser Of(
        JobImage? image,
        ContainerUser forced,
        JobSettings settings,
        VariableText variables,
        List<string> warnings
    )
    {
        var (key, text) = image?.ExecutorOpts switch
        {
            { Kubernetes.User: { Length: > 0 } user } => ("image:kubernetes:user", user),
            { Docker.User: { Length: > 0 } user } => ("image:docker:user", user),
            _ => ("", ""),
        };
        if (text.Length == 0)
            return forced;
        var parts = variables.Expand(text, out _).Split(':', 2);
        var chosen = new ContainerUser(
            Id(key, "user", parts[0], forced.User, settings.AllowedUsers),
            parts.Length > 1 ? Id(key, "group", parts[1], forced.Group, settings.AllowedGroups) : forced.Group
        );
        if (chosen.User != 0 || forced.User == 0 || settings.SecurityContext != JobSecurityContext.Restricted)
            return chosen;
        warnings.Add($"{key} is not used: on this runner no job runs as root (job.securityContext).");
        return chosen with { User = forced.User };

        long? Id(string key, string what, string written, long? forcedId, IReadOnlyList<long> allowed)
        {
            if (written.Length == 0)
                return forcedId;
            // docker takes names, which are the image's: Kubernetes can't look into it.
            var digits = written == "root" ? "0" : written;
            var isNumber = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var id);
            string? reason =
                forcedId is not null ? $"the runner's settings choose {what} {forcedId}"
                : !isNumber || id > Greatest ? $"Kubernetes wants the {what}'s number; write it as in 1000:1000"
                : IsAllowed(id, allowed) ? null
                : $"this runner does not allow {what} {id}"
                    + (allowed.Count > 0 ? $", only {string.Join(", ", allowed)}" : ", which is root");
            if (reason is null)
                return id;
            if (forcedId != id || !isNumber)
                warnings.Add($"{key}: {what} \"{DisplayText.Of(written, 40)}\" is not used: {reason}.");
            return forcedId;
        }
    }

    private static bool IsAllowed(long id, IReadOnlyList<long> allowed) =>
        allowed.Contains(id) || (id != 0 && allowed.Count == 0);
}
