namespace CustomExecutor.Core.Sandbox;

/// <summary>How well this host can sandbox scripts.</summary>
/// <param name="Abi">Landlock's ABI version; 0 if it is not available.</param>
/// <param name="Absence">Why Landlock is not available, half a sentence; null if it is.</param>
/// <param name="IsRoot">Whether scripts run as root.</param>
/// <param name="Sockets">Reachable sockets that let a script start processes outside the sandbox.</param>
/// <param name="FilterAbsence">Why system calls are not filtered, half a sentence; null if they are.</param>
public sealed record SandboxStrength(
    int Abi,
    string? Absence,
    bool IsRoot,
    IReadOnlyList<string> Sockets,
    string? FilterAbsence = null
)
{
    /// <summary>What the sandbox cannot prevent: each action with the reason.</summary>
    public IReadOnlyList<(string Doing, string Why)> Gaps =>
        Absence is not null
            ? [("accessing everything that its user can access", Absence)]
            :
            [
                .. IsRoot ? [("leaving the sandbox", "it runs as root")] : Array.Empty<(string, string)>(),
                .. Sockets.Select(socket =>
                    (
                        $"using {DisplayText.Of(socket)} to start processes outside",
                        "the service's unit must close it: see runner/systemd"
                    )
                ),
                .. FilterAbsence is null
                    ? []
                    : ((string, string)[])[("changing other jobs' limits, priorities and kernel keys", FilterAbsence)],
                .. Abi < LandlockRights.FullAbi
                    ?
                    [
                        ("signalling other jobs' processes", Needs("6.12")),
                        ("connecting to abstract unix sockets", Needs("6.12")),
                    ]
                    : Array.Empty<(string, string)>(),
                .. Abi < 5 ? [("controlling devices (ioctl)", Needs("6.10"))] : Array.Empty<(string, string)>(),
                .. Abi < 3
                    ? [("truncating any file whose path is known", Needs("6.2"))]
                    : Array.Empty<(string, string)>(),
            ];

    /// <summary>Whether the sandbox has no gaps.</summary>
    public bool IsFull => Gaps.Count == 0;

    /// <summary>
    /// What the sandbox prevents although it should not: Landlock's first version has no right to move files between
    /// directories.
    /// </summary>
    public string? Hindrance =>
        Abi == 1 ? "files can't be renamed or linked from one directory to another (needs Linux 5.19)" : null;

    /// <summary>One line for the job log; null if there is nothing to report.</summary>
    public string? Line()
    {
        if (Absence is not null)
            return $"The job's script is not confined: {Absence}.";
        if (IsFull)
            return null;
        return "The job's script is confined to its own files, but this host cannot prevent: "
            + $"{string.Join("; ", Gaps.GroupBy(g => g.Why).Select(Describe))}."
            + (Hindrance is null ? "" : $" Also, {Hindrance}.");
    }

    private static string Describe(IGrouping<string, (string Doing, string Why)> gaps) =>
        $"{string.Join(", ", gaps.Select(gap => gap.Doing))} ({gaps.Key})";

    /// <summary>Why a job must not run in mode <c>always</c>; null if it may.</summary>
    public string? Refusal() =>
        IsFull
            ? null
            : "Scripts can't be fully confined on this host, and scriptSandbox.mode is "
                + $"\"always\":{string.Concat(Gaps.Select(g => $"\n  {g.Doing}: {g.Why}"))}\n"
                + "Run the runner as its own user on Linux 6.12 or newer, or set scriptSandbox.mode to \"auto\". "
                + "For details, run custom-executor doctor.";

    private static string Needs(string version) => $"needs Linux {version}";
}
