using System.Diagnostics;

namespace CustomExecutor.Testing;

/// <summary>A directory that is gone after the test.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("custom-executor-spec").FullName;

    public string Write(string name, string text)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>
    /// A program. Another process writes it: a child that some other test starts in that moment would inherit our open
    /// file, and a file that is open for writing can't be executed ("Text file busy").
    /// </summary>
    public string WriteExecutable(string name, string text)
    {
        var (source, path) = (Write(name + ".text", text), System.IO.Path.Combine(Path, name));
        using var install = Process.Start("install", ["-m", "700", source, path]);
        install.WaitForExit();
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
