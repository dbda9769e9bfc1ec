namespace CustomExecutor.Host.Native;

/// <summary>Identifies a file until the next reboot.</summary>
/// <param name="Inode">Its inode number.</param>
/// <param name="DeviceMajor">The major number of its file system.</param>
/// <param name="DeviceMinor">The minor number of its file system.</param>
/// <param name="Mount">The mount through which it was opened; null before Linux 5.8.</param>
internal readonly record struct FileIdentity(ulong Inode, uint DeviceMajor, uint DeviceMinor, ulong? Mount)
{
    /// <summary>
    /// Whether both files are in the same mount. The device does not distinguish bind mounts, and a btrfs subvolume has
    /// its own device although it is not mounted, so the device decides only if the kernel does not report the mount.
    /// </summary>
    public bool IsInMountOf(FileIdentity other) =>
        Mount is { } mount && other.Mount is { } otherMount
            ? mount == otherMount
            : DeviceMajor == other.DeviceMajor && DeviceMinor == other.DeviceMinor;

    /// <summary>As text, without the mount, so that a file has the same text in every mount.</summary>
    public override string ToString() => $"{DeviceMajor}:{DeviceMinor}:{Inode}";
}
