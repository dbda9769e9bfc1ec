using System.ComponentModel;
using System.Text.Json.Serialization;

namespace CustomExecutor.Core.Settings;

/// <summary>What of the runner's host a job's script reaches.</summary>
public sealed record SandboxSettings
{
    [Description("auto confines scripts as far as this host can and says in the job log what it could not; always fails a job that can't be confined in full; never confines none.")]
    public SandboxMode Mode { get; set; } = SandboxMode.Auto;

    [Description("Files and directories that scripts may not reach, besides those that the driver hides anyway. For what lies among the system's own directories (/etc, /opt, /usr, ...) or in /tmp; the rest of the host is out of reach without being named.")]
    public IReadOnlyList<string> Hide { get; set; } = [];

    [Description("Files and directories that scripts may read and write besides their own, as far as their permissions let them; all jobs share them.")]
    public IReadOnlyList<string> Allow { get; set; } = [];
}

/// <summary>Whether a job's script is confined.</summary>
public enum SandboxMode
{
    [JsonStringEnumMemberName("auto")]
    Auto,

    [JsonStringEnumMemberName("always")]
    Always,

    [JsonStringEnumMemberName("never")]
    Never,
}
