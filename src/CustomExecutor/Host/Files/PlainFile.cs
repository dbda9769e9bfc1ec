using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using CustomExecutor.Core;
using CustomExecutor.Host.Native;
using Microsoft.Win32.SafeHandles;

namespace CustomExecutor.Host.Files;

/// <summary>
/// A regular file that is open for reading. The metadata is the descriptor's, so it belongs to the content that is
/// read. A link at its path is not followed, and a pipe or a device does not block.
/// </summary>
internal sealed class PlainFile : IDisposable
{
    private const int LongestRead = 64 * 1024;

    private readonly SafeFileHandle _handle;

    private PlainFile(SafeFileHandle handle, FileMetadata facts) => (_handle, Facts) = (handle, facts);

    public FileMetadata Facts { get; }

    /// <summary>Opens a file; null if it does not exist.</summary>
    /// <exception cref="DriverException">
    /// It can't be opened or is not a regular file. The message is half a sentence.
    /// </exception>
    public static unsafe PlainFile? Open(string path)
    {
        var flags = FileCalls.ReadOnly | FileCalls.NoFollow | FileCalls.NonBlocking | FileCalls.CloseOnExec;
        int descriptor;
        fixed (byte* name = FileMetadata.NameBytes(path))
            descriptor = FileCalls.OpenAt(FileCalls.CurrentDirectory, name, flags, 0);
        if (descriptor < 0)
        {
            return Marshal.GetLastPInvokeError() switch
            {
                ErrorNumbers.NoEntry or ErrorNumbers.NotDirectory => null,
                ErrorNumbers.LinkLoop => throw new DriverException("it is a symbolic link"),
                // A socket.
                ErrorNumbers.NoDevice => throw new DriverException("it is not a regular file"),
                var error => throw new DriverException($"it can't be opened ({new Win32Exception(error).Message})"),
            };
        }

        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        fixed (byte* nothing = (byte[])[0])
        {
            if (
                FileCalls.Status(descriptor, nothing, FileCalls.EmptyPath, FileCalls.StatusMask, out var status) == 0
                && FileMetadata.Of(status) is { Kind: FileKind.File } facts
            )
            {
                return new PlainFile(handle, facts);
            }
        }

        handle.Dispose();
        throw new DriverException("it is not a regular file");
    }

    /// <summary>Reads the whole text.</summary>
    /// <param name="longest">The maximum size in bytes, even if the file grows meanwhile.</param>
    /// <exception cref="DriverException">It is larger, or can't be read. The message is half a sentence.</exception>
    public string Text(long longest)
    {
        try
        {
            using var content = new MemoryStream();
            var buffer = new byte[LongestRead];
            while (RandomAccess.Read(_handle, buffer, content.Length) is > 0 and var count)
            {
                if (content.Length + count > longest)
                    throw new DriverException("it is too large");
                content.Write(buffer, 0, count);
            }

            content.Position = 0;
            using var reader = new StreamReader(content, Encoding.UTF8);
            return reader.ReadToEnd();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DriverException($"it can't be read ({DisplayText.Of(e.Message)})", inner: e);
        }
    }

    public void Dispose() => _handle.Dispose();
}
