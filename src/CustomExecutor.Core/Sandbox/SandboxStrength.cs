namespace CustomExecutor.Core.Sandbox;

/// <summary>How well this host can confine scripts.</summary>
/// <param name="Abi">Landlock's version, 0 where there is none.</param>
/// <param name="Absence">Why there is none, half a sentence; else null.</param>
/// <param name="IsRoot">Whether scripts run as root.</param>
/// <param name="Sockets">Sockets that a script reaches and that let it start processes outside of the sandbox.</param>
/// <param name="FilterAbsence">Why system calls can't be filtered, half a sentence; null if they are.</param>
public sealed record SandboxStrength(
    int Abi,
    string? Absence,
    bool IsRoot,
    IReadOnlyList<string> Sockets,
    string? FilterAbsence = null
)
{
    /// <summary>What a script can do all the same: each as what it is not kept from, and why.</summary>
    public IReadOnlyList<(string Doing, string Why)> Gaps =>
        Absence is not null
            ? [("reaching whatever its user may", Absence)]
            :
            [
                .. IsRoot ? [("getting around its confinement", "it runs as root")] : Array.Empty<(string, string)>(),
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
                    ? [("signalling other jobs' processes", Needs("6.12")), ("abstract unix sockets", Needs("6.12"))]
                    : Array.Empty<(string, string)>(),
                .. Abi < 5 ? [("controlling devices (ioctl)", Needs("6.10"))] : Array.Empty<(string, string)>(),
                .. Abi < 3 ? [("truncating files whose path it knows", Needs("6.2"))] : Array.Empty<(string, string)>(),
            ];

    /// <summary>Whether a script is kept from all that a sandbox is for.</summary>
    public bool IsFull => Gaps.Count == 0;

    /// <summary>What scripts can't do that they could without: the first version knows no move between two
    /// directories.</summary>
    public string? Hindrance =>
        Abi == 1 ? "files can't be renamed or linked from one directory to another (needs Linux 5.19)" : null;

    /// <summary>One line for the job log, or null where there is nothing to say.</summary>
    public string? Line()
    {
        if (Absence is not null)
            return $"The job's script is not confined: {Absence}.";
        if (IsFull)
            return null;
        return "The job's script is confined to its own files, but not kept from "
            + $"{string.Join("; ", Gaps.GroupBy(g => g.Why).Select(GapsOf))}."
            + (Hindrance is null ? "" : $" Also, {Hindrance}.");
    }

    private static string GapsOf(IGrouping<string, (string Doing, string Why)> gaps) =>
        $"{string.Join(", ", gaps.Select(gap => gap.Doing))} ({gaps.Key})";

    /// <summary>Why a job must not run where scripts are to be confined <c>always</c>; null where it may.</summary>
    public string? Refusal() =>
        IsFull
            ? null
            : "Scripts can't be confined in full on this host, and scriptSandbox.mode is "
                + $"\"always\":{string.Concat(Gaps.Select(g => $"\n  {g.Doing}: {g.Why}"))}\n"
                + "Run the runner as a user of its own on Linux 6.12 or newer, or set scriptSandbox.mode to "
                + "\"auto\"; custom-executor doctor tells more.";

    private static string Needs(string version) => $"needs Linux {version}";
}
