using System.Collections.Immutable;
using System.Text.Json.Serialization;
using CustomExecutor.EngineApi.Faults;
using CustomExecutor.EngineApi.References;

namespace CustomExecutor.EngineApi.Store;

/// <summary>Which images there are and what they are called. A value: a change makes a new table.</summary>
/// <param name="Images">By the digest of their root.</param>
/// <param name="Tags">The root that a full name and tag (<c>docker.io/library/a:1</c>) means.</param>
/// <param name="Digests">The same for names with a digest of a registry
/// (<c>docker.io/library/a@sha256:...</c>).</param>
public sealed record ImageTable(
    ImmutableDictionary<string, ImageRecord> Images,
    ImmutableSortedDictionary<string, Digest> Tags,
    ImmutableSortedDictionary<string, Digest> Digests
)
{
    /// <summary>Without images.</summary>
    public static ImageTable Empty { get; } =
        new(
            ImmutableDictionary<string, ImageRecord>.Empty,
            ImmutableSortedDictionary.Create<string, Digest>(StringComparer.Ordinal),
            ImmutableSortedDictionary.Create<string, Digest>(StringComparer.Ordinal)
        );

    /// <summary>All content that an image needs.</summary>
    [JsonIgnore]
    public IEnumerable<Digest> Blobs => Images.Values.SelectMany(image => image.Blobs).Select(blob => blob.Digest);

    /// <summary>Adds an image, or leaves it if it is there.</summary>
    public ImageTable With(ImageRecord image) =>
        this with
        {
            Images = Images.SetItem(image.Root.Digest.ToString(), image),
        };

    /// <summary>Gives an image a name; another image loses it.</summary>
    public ImageTable Named(ImageReference name, ImageRecord image) =>
        name.Digest is { } digest
            ? this with
            {
                Digests = Digests.SetItem($"{name.Repository}@{digest}", image.Root.Digest),
            }
            : this with
            {
                Tags = Tags.SetItem($"{name.Repository}:{name.Tag}", image.Root.Digest),
            };

    /// <summary>
    /// The image that a name or id means, or null: docker's order is name, then the id or the beginning of one.
    /// </summary>
    public ImageRecord? Find(string text)
    {
        if (ImageReference.TryParse(text, out _) is { } name && Named(name) is { } named)
            return named;
        var hex = text.StartsWith("sha256:", StringComparison.Ordinal) ? text[7..] : text;
        if (hex.Length is 0 or > 64 || !Digest.IsHex(hex))
            return null;
        var found = Images.Values.Where(image => Is(image, hex)).ToList();
        return found.Select(image => image.Id).Distinct().Count() == 1 ? found.MaxBy(image => image.Added) : null;
    }

    /// <summary>The image of a name alone, or null.</summary>
    public ImageRecord? Named(ImageReference name)
    {
        name = name.WithDefaultTag();
        if (name.Digest is null)
            return Tags.TryGetValue($"{name.Repository}:{name.Tag}", out var tagged) ? Of(tagged) : null;
        if (Digests.TryGetValue($"{name.Repository}@{name.Digest}", out var root))
            return Of(root);
        return null;
    }

    /// <summary>The image that a name or id means.</summary>
    /// <exception cref="EngineException">There is none; docker's own words.</exception>
    public ImageRecord Get(string text) =>
        Find(text) ?? throw EngineException.NotFound($"No such image: {Core.DisplayText.Of(text, 300)}");

    /// <summary>The full names with tags of all records of an id.</summary>
    public IEnumerable<string> TagsOf(Digest id) => Names(Tags, id);

    /// <summary>The full names with digests of all records of an id.</summary>
    public IEnumerable<string> DigestsOf(Digest id) => Names(Digests, id);

    /// <summary>Without a name. With the last tag in a repository go the digests in it, as with docker.</summary>
    public ImageTable WithoutTag(string tag)
    {
        if (!Tags.TryGetValue(tag, out var root))
            return this;
        var (repository, id) = (RepositoryOf(tag), Of(root).Id);
        var left = this with { Tags = Tags.Remove(tag) };
        if (left.TagsOf(id).Any(other => RepositoryOf(other) == repository))
            return left;
        return left with
        {
            Digests = left.Digests.RemoveRange(left.DigestsOf(id).Where(other => RepositoryOf(other) == repository)),
        };
    }

    /// <summary>Without an image and all its names.</summary>
    public ImageTable Without(Digest id) =>
        new(
            Images.RemoveRange(Images.Where(image => image.Value.Id == id).Select(image => image.Key)),
            Tags.RemoveRange(TagsOf(id)),
            Digests.RemoveRange(DigestsOf(id))
        );

    /// <summary>The repository in a full name with tag or digest.</summary>
    public static string RepositoryOf(string name)
    {
        var at = name.IndexOf('@', StringComparison.Ordinal);
        return name[..(at >= 0 ? at : name.LastIndexOf(':'))];
    }

    private static bool Is(ImageRecord image, string hex) =>
        image.Id.Hex.StartsWith(hex, StringComparison.Ordinal)
        || image.Root.Digest.Hex == hex
        || image.Manifest.Hex == hex;

    private ImageRecord Of(Digest root) => Images[root.ToString()];

    private IEnumerable<string> Names(ImmutableSortedDictionary<string, Digest> names, Digest id) =>
        names.Where(name => Of(name.Value).Id == id).Select(name => name.Key);
}

/// <summary>The table's file.</summary>
[JsonSerializable(typeof(ImageTable))]
internal sealed partial class ImageTableJson : JsonSerializerContext;
