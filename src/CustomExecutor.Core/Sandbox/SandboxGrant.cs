namespace CustomExecutor.Core.Sandbox;

/// <summary>What a script may do with a file, or with a directory and all below it; the files' own permissions hold
/// besides.</summary>
public enum SandboxAccess
{
    /// <summary>Read, list and execute.</summary>
    Read,

    /// <summary>Read, write and control (ioctl) what is there; make and remove nothing.</summary>
    Device,

    /// <summary>Everything.</summary>
    Full,
}

/// <summary>One thing that a script may reach.</summary>
/// <param name="Path">A file, or a directory with all that is in it now or later.</param>
/// <param name="Access">What it may do with it.</param>
public sealed record SandboxGrant(string Path, SandboxAccess Access);
