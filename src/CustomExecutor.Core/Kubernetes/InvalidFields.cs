namespace CustomExecutor.Core.Kubernetes;

/// <summary>Maps fields that the API server rejects (422) to the settings that they most likely come from.</summary>
internal static class InvalidFields
{
    private const int Most = 5;

    /// <summary>By the beginning of a field's path after the container's index. The first match wins.</summary>
    private static readonly (string Part, string Key)[] Keys =
    [
        (".image", "builder.image"),
        (".resources.requests", "builder.resources.requests"),
        (".resources.limits", "builder.resources.limits"),
        (".resources", "builder.resources"),
        ("spec.nodeSelector", "builder.nodeSelector"),
        ("spec.tolerations", "builder.tolerations"),
        ("spec.imagePullSecrets", "builder.imagePullSecrets"),
        ("spec.volumes", "builder.stateSizeLimit and job.volumeSizeLimit"),
        ("metadata.labels", "instance"),
        ("metadata.namespace", "kubernetes.namespace"),
        ("data", "builder.buildkitdConfig"),
    ];

    /// <summary>A line for each field, or null if the server names none.</summary>
    public static string? Remedy(ApiStatus status) =>
        status.Causes.Count == 0 ? null : string.Join('\n', status.Causes.Take(Most).Select(Line));

    private static string Line(ApiCause cause)
    {
        var key = Keys.FirstOrDefault(k =>
            k.Part[0] == '.'
                ? cause.Field.Contains(k.Part, StringComparison.Ordinal)
                : cause.Field.StartsWith(k.Part, StringComparison.Ordinal)
        ).Key;
        return $"{DisplayText.Of(cause.Field)}: "
            + $"{DisplayText.Of(cause.Message, 300)}{(key is null ? "" : $" (see {key} in the settings)")}";
    }
}
