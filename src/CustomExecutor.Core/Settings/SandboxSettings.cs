using System.ComponentModel;
using System.Text.Json.Serialization;

namespace CustomExecutor.Core.Settings;

/// <summary>Which parts of the runner's host a job's script can access.</summary>
public sealed record SandboxSettings
{
    [Description(
        "auto: scripts are confined as far as this host can, and the job log reports the gaps. always: a job fails "
            + "if its scripts can't be fully confined. never: scripts are not confined."
    )]
    public SandboxMode Mode { get; set; } = SandboxMode.Auto;

    [Description(
        "More files and directories to hide from scripts. Use it for paths in the system's directories (/etc, /opt, "
            + "/usr, ...) or in /tmp. The rest of the host is always hidden."
    )]
    public IReadOnlyList<string> Hide { get; set; } = [];

    [Description(
        "More files and directories that scripts may read and write, as far as file permissions allow. All jobs "
            + "share them."
    )]
    public IReadOnlyList<string> Allow { get; set; } = [];
}

/// <summary>Whether scripts are confined.</summary>
public enum SandboxMode
{
    [JsonStringEnumMemberName("auto")]
    Auto,

    [JsonStringEnumMemberName("always")]
    Always,

    [JsonStringEnumMemberName("never")]
    Never,
}
