namespace CustomExecutor.Core.Sandbox;

/// <summary>
/// What a script may do with a file, or with a directory and everything below it. File permissions also apply.
/// </summary>
public enum SandboxAccess
{
    /// <summary>Read, list and execute.</summary>
    Read,

    /// <summary>Read, write and control (ioctl) existing files, but create and remove nothing.</summary>
    Device,

    /// <summary>Everything.</summary>
    Full,
}

/// <summary>A path that a script can access.</summary>
/// <param name="Path">A file, or a directory with everything in it, now and later.</param>
/// <param name="Access">The allowed access.</param>
public sealed record SandboxGrant(string Path, SandboxAccess Access);
