using System.Buffers;
using System.Security.Cryptography;
using CustomExecutor.EngineApi.References;
using Microsoft.Win32.SafeHandles;

namespace CustomExecutor.EngineApi.Store;

/// <summary>
/// Content on its way into the store: written, counted and hashed piece by piece; gone when disposed before it is
/// kept.
/// </summary>
internal sealed class BlobWriter : IDisposable
{
    private const int PieceBytes = 256 * 1024;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly string _path;
    private readonly StoreSpace _space;
    private readonly SafeFileHandle _file;
    private bool _kept;

    public BlobWriter(string path, StoreSpace space)
    {
        (_path, _space) = (path, space);
        _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
    }

    /// <summary>Bytes so far.</summary>
    public long Length { get; private set; }

    /// <summary>Appends a piece.</summary>
    /// <exception cref="Faults.EngineException">The store or its volume is full.</exception>
    public void Write(ReadOnlySpan<byte> piece)
    {
        _space.Reserve(piece.Length);
        try
        {
            RandomAccess.Write(_file, piece, Length);
        }
        catch (IOException e)
        {
            _space.Release(piece.Length);
            throw StoreSpace.NoSpace(e.Message);
        }

        Length += piece.Length;
        _hash.AppendData(piece);
    }

    /// <summary>Appends all of a stream.</summary>
    /// <param name="source">Read to its end.</param>
    /// <param name="written">Told the bytes of each piece.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task Append(Stream source, Action<int>? written, CancellationToken cancellation)
    {
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            while (await source.ReadAsync(piece.AsMemory(0, PieceBytes), cancellation) is var read and > 0)
            {
                Write(piece.AsSpan(0, read));
                written?.Invoke(read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    /// <summary>The digest of all that was written; nothing can be written after it.</summary>
    public Digest Finish() => new(Convert.ToHexStringLower(_hash.GetHashAndReset()));

    public void MoveTo(string path)
    {
        _file.Dispose();
        File.Move(_path, path, overwrite: true);
        _kept = true;
    }

    public void Dispose()
    {
        _hash.Dispose();
        _file.Dispose();
        if (_kept)
            return;
        _kept = true;
        File.Delete(_path);
        _space.Release(Length);
    }
}
