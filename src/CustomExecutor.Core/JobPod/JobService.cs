namespace CustomExecutor.Core.JobPod;

/// <summary>A service of a job as a container. Texts are hostile.</summary>
public sealed record JobService
{
    public required JobContainer Container { get; init; }

    /// <summary>Replaces the image's entry point; null for the image's own.</summary>
    public required IReadOnlyList<string>? Entrypoint { get; init; }

    /// <summary>Replaces the entry point's arguments; null for the image's own.</summary>
    public required IReadOnlyList<string>? Command { get; init; }

    public required IReadOnlyList<ServiceVariable> Variables { get; init; }

    /// <summary>The names by which the job's containers reach it.</summary>
    public required IReadOnlyList<string> HostNames { get; init; }

    /// <summary>The port (<c>HEALTHCHECK_TCP_PORT</c>) that must take a connection on localhost before the author's
    /// scripts begin; null for none.</summary>
    public required int? HealthcheckPort { get; init; }
}

/// <summary>A variable of a service; a secret one is in the job's secret instead of the pod.</summary>
public sealed record ServiceVariable(string Name, string Value, bool IsSecret)
{
    /// <summary>Its key in the job's secret.</summary>
    public string KeyFor(string container) => $"{container}.{Name}";

    /// <summary>Without the value.</summary>
    public override string ToString() => $"{nameof(ServiceVariable)} {Name}";
}
