using CustomExecutor.Core;
using CustomExecutor.EngineApi.Faults;
using CustomExecutor.EngineApi.References;

namespace CustomExecutor.EngineApi.Archives;

/// <summary>Which content an archive holds under which names.</summary>
internal sealed class ArchiveContents
{
    private const string Blobs = "blobs/sha256/";
    private const int MostLinks = 16;

    private readonly Dictionary<string, Digest> _files = [];
    private readonly Dictionary<string, string> _links = [];

    /// <summary>Notes a file.</summary>
    /// <exception cref="EngineException">Its name contradicts its content, or another file's.</exception>
    public void AddFile(string name, Digest content)
    {
        name = ArchivePath.Of(name);
        if (name.StartsWith(Blobs, StringComparison.Ordinal) && name[Blobs.Length..] != content.Hex)
        {
            throw EngineException.Invalid(
                $"the archive is damaged: the content of {Shown(name)} has the digest {content}"
            );
        }

        if (_links.ContainsKey(name) || (!_files.TryAdd(name, content) && _files[name] != content))
            throw Twice(name);
    }

    /// <summary>Notes a link.</summary>
    /// <exception cref="EngineException">It leads out of the archive, or its name is taken.</exception>
    public void AddLink(string name, string target, bool isHard)
    {
        name = ArchivePath.Of(name);
        target = isHard ? ArchivePath.Of(target) : ArchivePath.OfTarget(name, target);
        if (_files.ContainsKey(name) || (!_links.TryAdd(name, target) && _links[name] != target))
            throw Twice(name);
    }

    /// <summary>The content of a name, through links; null if there is none.</summary>
    /// <exception cref="EngineException">Links lead in a circle.</exception>
    public Digest? Find(string name)
    {
        name = ArchivePath.Of(name);
        for (var i = 0; i < MostLinks; i++)
        {
            if (_files.TryGetValue(name, out var content))
                return content;
            if (!_links.TryGetValue(name, out name!))
                return null;
        }

        throw EngineException.Invalid($"the archive's links lead in a circle at {Shown(name)}");
    }

    /// <summary>The content of a name, through links.</summary>
    /// <exception cref="EngineException">There is none.</exception>
    public Digest Get(string name) =>
        Find(name)
        ?? throw EngineException.Invalid(
            $"the archive's manifest.json names {Shown(name)}, which the archive does not hold"
        );

    private static EngineException Twice(string name) =>
        EngineException.Invalid($"the archive holds {Shown(name)} twice, with different content");

    private static string Shown(string name) => $"\"{DisplayText.Of(name)}\"";
}
