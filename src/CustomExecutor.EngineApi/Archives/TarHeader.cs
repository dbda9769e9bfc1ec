using System.Buffers.Binary;
using System.Text;
using CustomExecutor.EngineApi.Faults;

namespace CustomExecutor.EngineApi.Archives;

/// <summary>One header block of a tar (POSIX ustar, pax, GNU), with its checksum verified.</summary>
/// <param name="Name">The entry's name.</param>
/// <param name="Link">Of a link: what it names.</param>
/// <param name="Size">Bytes that follow.</param>
/// <param name="Type">The type flag.</param>
internal readonly record struct TarHeader(string Name, string Link, long Size, char Type)
{
    public const int BlockBytes = 512;

    /// <summary>Reads a block; null for one of zeros.</summary>
    /// <exception cref="EngineException">It is no header.</exception>
    public static TarHeader? Read(ReadOnlySpan<byte> block)
    {
        if (!block.ContainsAnyExcept((byte)0))
            return null;
        var sum = 8L * ' ';
        for (var i = 0; i < BlockBytes; i++)
        {
            if (i is < 148 or >= 156)
                sum += block[i];
        }

        if (Number(block[148..156]) != sum)
            throw EngineException.Invalid("the archive is damaged or is not a tar: a header's checksum is wrong");
        var name = Text(block[..100]);
        // Only POSIX' magic has the field; GNU's keeps times there.
        var prefix = block[257..263].SequenceEqual("ustar\0"u8) ? Text(block[345..500]) : "";
        return new TarHeader(
            prefix.Length > 0 ? $"{prefix}/{name}" : name,
            Text(block[157..257]),
            Number(block[124..136]),
            (char)block[156]
        );
    }

    public static string Text(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
    }

    /// <summary>Octal digits, or GNU's binary for what they can't say.</summary>
    private static long Number(ReadOnlySpan<byte> field)
    {
        if (field[0] >= 0x80)
        {
            var number = field.Length >= 8 ? BinaryPrimitives.ReadInt64BigEndian(field[^8..]) : -1;
            if (field[0] != 0x80 || number < 0 || field[1..^8].ContainsAnyExcept((byte)0))
                throw BadNumber();
            return number;
        }

        var value = 0L;
        foreach (var digit in field.Trim(" \0"u8))
        {
            if (digit is < (byte)'0' or > (byte)'7')
                throw BadNumber();
            value = value * 8 + (digit - '0');
        }

        return value;
    }

    private static EngineException BadNumber() =>
        EngineException.Invalid("the archive is damaged or is not a tar: a header holds an invalid number");
}
