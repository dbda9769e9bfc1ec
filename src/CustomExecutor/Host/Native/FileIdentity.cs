namespace CustomExecutor.Host.Native;

/// <summary>Tells a file from every other of this boot.</summary>
/// <param name="Inode">Its number in its file system.</param>
/// <param name="DeviceMajor">Its file system.</param>
/// <param name="DeviceMinor">Its file system, second half.</param>
/// <param name="Mount">The mount through which it was reached; null before Linux 5.8.</param>
internal readonly record struct FileIdentity(ulong Inode, uint DeviceMajor, uint DeviceMinor, ulong? Mount)
{
    /// <summary>
    /// Whether both files are below the same mount. The device does not tell bind mounts apart, and a btrfs subvolume
    /// has a device of its own although it is not mounted: it only decides where the kernel does not report the mount.
    /// </summary>
    public bool IsInMountOf(FileIdentity other) =>
        Mount is { } mount && other.Mount is { } otherMount
            ? mount == otherMount
            : DeviceMajor == other.DeviceMajor && DeviceMinor == other.DeviceMinor;

    /// <summary>As text, without the mount: the same file has the same text through every mount.</summary>
    public override string ToString() => $"{DeviceMajor}:{DeviceMinor}:{Inode}";
}
