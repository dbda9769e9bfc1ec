using System.ComponentModel;
using System.Text.Json.Serialization;

namespace CustomExecutor.Core.Settings;

/// <summary>Which parts of the runner's host a job's script can access.</summary>
public sealed record SandboxSettings
{
    [Description(
        "auto confines scripts as far as this host can, and the job log says what it cannot; always fails a job "
            + "that can't be fully confined; never does not confine scripts."
    )]
    public SandboxMode Mode { get; set; } = SandboxMode.Auto;

    [Description(
        "Files and directories that scripts cannot access, besides those that the driver hides anyway. Use it for "
            + "paths in the system's own directories (/etc, /opt, /usr, ...) or in /tmp. The rest of the host is "
            + "hidden anyway."
    )]
    public IReadOnlyList<string> Hide { get; set; } = [];

    [Description(
        "More files and directories that scripts may read and write, as far as file permissions allow. All jobs "
            + "share them."
    )]
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
