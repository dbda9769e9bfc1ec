using System.ComponentModel;

namespace CustomExecutor.Core.Settings;

/// <summary>The admin's choices for the job's services.</summary>
public sealed record ServiceSettings
{
    [Description("The resource requests and limits of each service.")]
    public ServiceResourceSettings Resources { get; set; } = new();

    [Description("How many services a job may have (0 to 100).")]
    public int Limit { get; set; } = 10;
}
