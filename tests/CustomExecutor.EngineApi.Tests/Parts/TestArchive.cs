using System.Formats.Tar;
using System.Text;

namespace CustomExecutor.EngineApi.Tests.Parts;

/// <summary>A tar, also one that nobody would write in good faith.</summary>
internal sealed class TestArchive
{
    private readonly List<TarEntry> _entries = [];

    public TestArchive File(string name, string text) => File(name, Encoding.UTF8.GetBytes(text));

    public TestArchive File(string name, byte[] content) =>
        Add(
            new PaxTarEntry(TarEntryType.RegularFile, name)
            {
                DataStream = new MemoryStream(content),
                ModificationTime = DateTimeOffset.UnixEpoch,
            }
        );

    public TestArchive Directory(string name) => Add(new PaxTarEntry(TarEntryType.Directory, name));

    public TestArchive Link(string name, string target, TarEntryType type = TarEntryType.SymbolicLink) =>
        Add(new PaxTarEntry(type, name) { LinkName = target });

    public TestArchive Add(TarEntry entry)
    {
        _entries.Add(entry);
        return this;
    }

    /// <summary>A header block as given, with a right checksum and whatever follows.</summary>
    public static byte[] Raw(string name, string size, char type, byte[] content)
    {
        var header = new byte[512];
        Encoding.ASCII.GetBytes(name).CopyTo(header, 0);
        Encoding.ASCII.GetBytes("0000644\0").CopyTo(header, 100);
        Encoding.ASCII.GetBytes(size).CopyTo(header, 124);
        header[156] = (byte)type;
        Encoding.ASCII.GetBytes("ustar\000").CopyTo(header, 257);
        header.AsSpan(148, 8).Fill((byte)' ');
        Encoding.ASCII.GetBytes($"{Convert.ToString(header.Sum(b => b), 8).PadLeft(6, '0')}\0 ").CopyTo(header, 148);
        return [.. header, .. content, .. new byte[(512 - content.Length % 512) % 512]];
    }

    public byte[] Bytes()
    {
        var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, leaveOpen: true))
            _entries.ForEach(tar.WriteEntry);
        return bytes.ToArray();
    }
}
