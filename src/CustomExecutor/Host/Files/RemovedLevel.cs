using System.Runtime.InteropServices;
using CustomExecutor.Host.Native;

namespace CustomExecutor.Host.Files;

/// <summary>One directory on the way from the top of a tree to where its removal is.</summary>
/// <param name="name">Its name in the one above.</param>
/// <param name="identity">Which directory it is.</param>
internal sealed unsafe class RemovedLevel(byte[] name, FileIdentity identity)
{
    /// <summary>How many names of one directory are kept at a time.</summary>
    private const int MostNames = 10_000;

    public byte[] Name => name;

    public FileIdentity Identity => identity;

    /// <summary>The directories in it that are not removed yet.</summary>
    public Stack<byte[]> Directories { get; } = new(0);

    /// <summary>Whether its entries have been read.</summary>
    public bool IsListed { get; set; }

    /// <summary>Whether there are more than were read.</summary>
    public bool IsCut { get; set; }

    /// <summary>Whether something in it can't be removed, nor it therefore.</summary>
    public bool HasProblem { get; set; }

    /// <summary>Whether a name is that of a directory itself, or of the one above.</summary>
    public static bool IsDots(byte* name) => name[0] == '.' && (name[1] == 0 || (name[1] == '.' && name[2] == 0));

    /// <summary>A name with its zero.</summary>
    public static byte[] Copy(byte* name) =>
        new ReadOnlySpan<byte>(name, MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name).Length + 1).ToArray();

    public void Add(byte* name)
    {
        Directories.Push(Copy(name));
        IsCut = Directories.Count >= MostNames;
    }
}
