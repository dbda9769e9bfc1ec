using System.Runtime.InteropServices;
using CustomExecutor.Host.Native;

namespace CustomExecutor.Host.Files;

/// <summary>One directory on the path from the top of a tree to the directory that is being emptied.</summary>
/// <param name="name">Its name in its parent.</param>
/// <param name="identity">Its identity.</param>
internal sealed unsafe class RemovedLevel(byte[] name, FileIdentity identity)
{
    /// <summary>The maximum number of names of one directory to keep in memory.</summary>
    private const int MostNames = 10_000;

    public byte[] Name => name;

    public FileIdentity Identity => identity;

    /// <summary>The subdirectories that are not removed yet.</summary>
    public Stack<byte[]> Directories { get; } = new(0);

    /// <summary>Whether its entries have been read.</summary>
    public bool IsListed { get; set; }

    /// <summary>Whether there are more entries than were read.</summary>
    public bool IsCut { get; set; }

    /// <summary>Whether something in it can't be removed, and therefore the directory neither.</summary>
    public bool HasProblem { get; set; }

    /// <summary>Whether a name is "." or "..".</summary>
    public static bool IsDots(byte* name) => name[0] == '.' && (name[1] == 0 || (name[1] == '.' && name[2] == 0));

    /// <summary>Copies a name with its NUL.</summary>
    public static byte[] Copy(byte* name) =>
        new ReadOnlySpan<byte>(name, MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name).Length + 1).ToArray();

    public void Add(byte* name)
    {
        Directories.Push(Copy(name));
        IsCut = Directories.Count >= MostNames;
    }
}
