using CustomExecutor.Core.Kubernetes;
using static CustomExecutor.Core.Settings.SettingsMistakes;

namespace CustomExecutor.Core.Settings;

/// <summary>Checks requests and limits like the API server.</summary>
internal static class ResourceRules
{
    /// <summary>The resources without a / in their name that a container can have, besides huge pages of some
    /// size.</summary>
    private static readonly string[] StandardNames = ["cpu", "memory", "ephemeral-storage"];

    /// <summary>Adds every mistake.</summary>
    /// <param name="path">The section, like <c>builder.resources</c>.</param>
    /// <param name="settings">What the file says.</param>
    /// <param name="defaults">What the section says by default.</param>
    /// <param name="mistakes">Takes the mistakes.</param>
    public static void Check(
        string path,
        IResourceSettings settings,
        IResourceSettings defaults,
        SettingsMistakes mistakes
    )
    {
        var (requestsAt, limitsAt) = (KeyPath.Of(path, "requests"), KeyPath.Of(path, "limits"));
        var requests = CheckEach(requestsAt, settings.Requests, mistakes);
        var limits = CheckEach(limitsAt, settings.Limits, mistakes);
        if (!mistakes.WasRead(requestsAt) || !mistakes.WasRead(limitsAt))
            return;
        foreach (var (name, request) in requests)
        {
            if (!limits.TryGetValue(name, out var limit) || request <= limit)
                continue;
            var said =
                settings.Requests[name] == defaults.Requests.GetValueOrDefault(name)
                    ? " (which is the default too)"
                    : "";
            mistakes.Add(
                KeyPath.Of(requestsAt, name),
                $"{Quoted(settings.Requests[name])}{said} is more than {KeyPath.Of(limitsAt, name)}, "
                    + $"{Quoted(settings.Limits[name])}; lower it or raise the limit"
            );
        }
    }

    /// <summary>Adds a mistake if the text is not a usable quantity of bytes.</summary>
    public static void CheckBytes(string path, string text, SettingsMistakes mistakes)
    {
        // 512m is half a byte and 20 is 20 bytes: the unit is always wrong or missing.
        if (Positive(path, text, mistakes) is < 1024 * 1024 and var bytes)
            mistakes.Add(path, $"{Quoted(text)} is only {bytes} bytes; give it a unit like Mi or Gi");
    }

    private static Dictionary<string, decimal> CheckEach(
        string path,
        IReadOnlyDictionary<string, string> quantities,
        SettingsMistakes mistakes
    )
    {
        var values = new Dictionary<string, decimal>();
        foreach (var (name, text) in quantities)
        {
            var at = KeyPath.Of(path, name);
            if (MistakeOfName(name) is { } mistake)
                mistakes.Add(at, mistake);
            if (text is null)
                continue;
            if (StandardNames.Contains(name) && name != "cpu")
                CheckBytes(at, text, mistakes);
            else
                Positive(at, text, mistakes);
            if (Quantity.Parse(text) is > 0 and var value)
                values[name] = value;
        }

        return values;
    }

    private static string? MistakeOfName(string name)
    {
        if (name.Length == 0)
            return "a resource has no name";
        if (!KubernetesNames.IsLabelKey(name))
            return $"{Quoted(name)} is not a valid resource name";
        if (
            name.Contains('/')
            || name.StartsWith("hugepages-", StringComparison.Ordinal)
            || StandardNames.Contains(name)
        )
        {
            return null;
        }

        return NearestName.Of(name, StandardNames) is { } meant
            ? $"unknown resource; did you mean {meant}?"
            : $"unknown resource; Kubernetes has {string.Join(", ", StandardNames)}, hugepages-SIZE and names with a /";
    }

    private static decimal? Positive(string path, string text, SettingsMistakes mistakes)
    {
        var value = Quantity.Parse(text);
        if (value is null)
            mistakes.Add(path, $"{Quoted(text)} is not a Kubernetes quantity (like 500m, 4Gi)");
        else if (value <= 0)
            mistakes.Add(path, $"{Quoted(text)} must be greater than 0");
        return value > 0 ? value : null;
    }
}
