namespace CustomExecutor.Core.Sandbox;

/// <summary>
/// Landlock's access rights for each version of its ABI, as bits (the kernel's <c>include/uapi/linux/landlock.h</c>).
/// </summary>
/// <param name="Abi">The kernel's version. Rights of a newer one are an error.</param>
public sealed record LandlockRights(int Abi)
{
    /// <summary>
    /// The oldest ABI that restricts files, processes and signals (Linux 6.12). ABIs 7 and 8 add nothing useful here.
    /// </summary>
    public const int FullAbi = 6;

    /// <summary>The oldest ABI that restricts unix sockets by path (Linux 7.1).</summary>
    public const int SocketAbi = 9;

    /// <summary>Moving and linking files from one directory to another.</summary>
    public const ulong Refer = 1 << 13;

    private const ulong Execute = 1 << 0;
    private const ulong WriteFile = 1 << 1;
    private const ulong ReadFile = 1 << 2;
    private const ulong ReadDirectory = 1 << 3;
    private const ulong FirstAbi = (1 << 13) - 1;
    private const ulong Truncate = 1 << 14;
    private const ulong DeviceIoctl = 1 << 15;
    private const ulong ResolveUnix = 1 << 16;

    private const ulong AbstractSockets = 1 << 0;
    private const ulong Signals = 1 << 1;

    /// <summary>The rights that apply to a file. Others are an error for a file.</summary>
    private const ulong OfFiles = Execute | WriteFile | ReadFile | Truncate | DeviceIoctl | ResolveUnix;

    /// <summary>All file rights that the sandbox denies unless they are granted.</summary>
    public ulong Handled =>
        FirstAbi
        | (Abi >= 2 ? Refer : 0)
        | (Abi >= 3 ? Truncate : 0)
        | (Abi >= 5 ? DeviceIoctl : 0)
        | (Abi >= SocketAbi ? ResolveUnix : 0);

    /// <summary>What is restricted besides files.</summary>
    public ulong Scoped => Abi >= 6 ? AbstractSockets | Signals : 0;

    /// <summary>
    /// The size in bytes of the kernel's structure, which has three fields: files, TCP ports (not used, because a job
    /// needs the network), scopes.
    /// </summary>
    public nuint AttributeSize =>
        Abi switch
        {
            < 4 => 8,
            < 6 => 16,
            _ => 24,
        };

    /// <summary>The bits for an access.</summary>
    /// <param name="access">The access.</param>
    /// <param name="isDirectory">Whether the path is a directory.</param>
    public ulong Of(SandboxAccess access, bool isDirectory) =>
        Handled
        & (isDirectory ? ulong.MaxValue : OfFiles)
        & access switch
        {
            // Includes sockets: name lookups use those of systemd-resolved and nscd.
            SandboxAccess.Read => Execute | ReadFile | ReadDirectory | ResolveUnix,
            SandboxAccess.Device => ReadFile | WriteFile | ReadDirectory | Truncate | DeviceIoctl,
            _ => ulong.MaxValue,
        };
}
