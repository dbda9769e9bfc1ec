using System.IO.Enumeration;
using System.Runtime.InteropServices;

namespace CustomExecutor.Host.Sandbox;

/// <summary>The host's directories as a sandbox's plan asks for them.</summary>
internal static unsafe class HostPaths
{
    /// <summary>The path with all links followed; the path itself where it leads to nothing.</summary>
    public static string Real(string path)
    {
        var real = LandlockNative.RealPath(path, null);
        if (real is null) return path;
        try
        {
            return Marshal.PtrToStringUTF8((nint)real)!;
        }
        finally
        {
            LandlockNative.Free(real);
        }
    }

    /// <summary>The names in a directory; none where it can't be listed.</summary>
    public static IEnumerable<string> Entries(string directory)
    {
        try
        {
            // Attributes would be asked for one by one.
            return [.. new FileSystemEnumerable<string>(directory, (ref entry) => entry.FileName.ToString(), new EnumerationOptions { AttributesToSkip = 0 })];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
