using System.ComponentModel;

namespace CustomExecutor.Core.Settings;

/// <summary>Requests and limits by resource name (<c>cpu</c>, <c>memory</c>, <c>ephemeral-storage</c>, ...), Kubernetes
/// quantities.</summary>
/// <remarks>Each container's section is a type of its own, since a section that names only one of the two keeps its own
/// default of the other.</remarks>
public interface IResourceSettings
{
    /// <summary>What the scheduler reserves.</summary>
    IReadOnlyDictionary<string, string> Requests { get; }

    /// <summary>The most that the container may use.</summary>
    IReadOnlyDictionary<string, string> Limits { get; }
}

/// <summary>The builder's resources.</summary>
public sealed record ResourceSettings : IResourceSettings
{
    [Description(
        "What the scheduler reserves, Kubernetes quantities like 500m or 4Gi by resource name (cpu, memory, "
            + "ephemeral-storage, ...)."
    )]
    public IReadOnlyDictionary<string, string> Requests { get; set; } =
        new Dictionary<string, string> { ["cpu"] = "500m", ["memory"] = "512Mi" };

    [Description("The most that the builder may use, in the same form. No request may exceed its limit.")]
    public IReadOnlyDictionary<string, string> Limits { get; set; } =
        new Dictionary<string, string> { ["cpu"] = "4", ["memory"] = "4Gi" };
}

/// <summary>The resources of the container of the job's image.</summary>
public sealed record JobResourceSettings : IResourceSettings
{
    [Description("What the scheduler reserves for the job's scripts, in the form of builder.resources.")]
    public IReadOnlyDictionary<string, string> Requests { get; set; } =
        new Dictionary<string, string> { ["cpu"] = "500m", ["memory"] = "512Mi" };

    [Description("The most that the job's scripts may use.")]
    public IReadOnlyDictionary<string, string> Limits { get; set; } =
        new Dictionary<string, string> { ["cpu"] = "4", ["memory"] = "4Gi" };
}

/// <summary>The resources of one service.</summary>
public sealed record ServiceResourceSettings : IResourceSettings
{
    [Description("What the scheduler reserves for each service, in the form of builder.resources.")]
    public IReadOnlyDictionary<string, string> Requests { get; set; } =
        new Dictionary<string, string> { ["cpu"] = "100m", ["memory"] = "256Mi" };

    [Description("The most that each service may use.")]
    public IReadOnlyDictionary<string, string> Limits { get; set; } =
        new Dictionary<string, string> { ["cpu"] = "2", ["memory"] = "2Gi" };
}

/// <summary>The helper's resources.</summary>
public sealed record HelperResourceSettings : IResourceSettings
{
    [Description("What the scheduler reserves for the helper, in the form of builder.resources.")]
    public IReadOnlyDictionary<string, string> Requests { get; set; } =
        new Dictionary<string, string> { ["cpu"] = "100m", ["memory"] = "128Mi" };

    [Description("The most that the helper may use.")]
    public IReadOnlyDictionary<string, string> Limits { get; set; } =
        new Dictionary<string, string> { ["cpu"] = "2", ["memory"] = "2Gi" };
}

/// <summary>The resources of the Docker Engine API.</summary>
public sealed record EngineResourceSettings : IResourceSettings
{
    [Description("What the scheduler reserves for the Docker Engine API, in the form of builder.resources.")]
    public IReadOnlyDictionary<string, string> Requests { get; set; } =
        new Dictionary<string, string> { ["cpu"] = "50m", ["memory"] = "64Mi" };

    [Description("The most that it may use.")]
    public IReadOnlyDictionary<string, string> Limits { get; set; } =
        new Dictionary<string, string> { ["cpu"] = "2", ["memory"] = "512Mi" };
}
