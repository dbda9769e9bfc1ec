using System.Runtime.InteropServices;
using System.Text;
using CustomExecutor.Core;

namespace CustomExecutor.Host.Processes;

/// <summary>
/// A list of strings in C's format for <c>argv</c> and <c>envp</c>: NUL-terminated UTF-8, with a null pointer at the
/// end.
/// </summary>
internal sealed unsafe class ChildProcessStrings : IDisposable
{
    private readonly byte** _list;
    private readonly byte* _text;

    private ChildProcessStrings(IReadOnlyList<string> strings)
    {
        var size = 0;
        foreach (var item in strings)
        {
            size = checked(size + Encoding.UTF8.GetByteCount(item) + 1);
        }

        _list = (byte**)NativeMemory.Alloc((nuint)strings.Count + 1, (nuint)sizeof(byte*));
        _text = (byte*)NativeMemory.Alloc((nuint)Math.Max(size, 1));
        var next = _text;
        for (var index = 0; index < strings.Count; index++)
        {
            _list[index] = next;
            next += Encoding.UTF8.GetBytes(strings[index], new Span<byte>(next, size - (int)(next - _text)));
            *next++ = 0;
        }

        _list[strings.Count] = null;
    }

    public byte** Pointer => _list;

    public static ChildProcessStrings Arguments(ChildProcessStart start)
    {
        for (var index = 0; index < start.Arguments.Count; index++)
        {
            if (start.Arguments[index].Contains('\0'))
            {
                throw new DriverException(
                    $"Can't start '{start.File}': argument {index + 1} has a NUL character, which arguments can't "
                        + "contain."
                );
            }
        }

        return new ChildProcessStrings([start.File, .. start.Arguments]);
    }

    public static ChildProcessStrings Environment(ChildProcessStart start)
    {
        foreach (var (key, value) in start.Environment)
        {
            if (key.Contains('\0') || value.Contains('\0'))
            {
                throw new DriverException(
                    $"Can't start '{start.File}': the environment variable "
                        + $"'{key.Replace("\0", "\\0", StringComparison.Ordinal)}' has a NUL character, which "
                        + "variables can't contain."
                );
            }
        }

        return new ChildProcessStrings([.. start.Environment.Select(variable => $"{variable.Key}={variable.Value}")]);
    }

    public void Dispose()
    {
        NativeMemory.Free(_list);
        NativeMemory.Free(_text);
    }
}
