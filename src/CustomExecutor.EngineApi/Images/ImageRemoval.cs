using CustomExecutor.EngineApi.Faults;
using CustomExecutor.EngineApi.References;
using CustomExecutor.EngineApi.Store;

namespace CustomExecutor.EngineApi.Images;

/// <summary><c>docker rmi</c>: a name goes; with the last name goes the image.</summary>
public static class ImageRemoval
{
    /// <summary>The table without what a name or id means, and what that removes.</summary>
    /// <exception cref="EngineException">There is no such image, or an id means images in several
    /// repositories.</exception>
    public static (ImageTable Table, IReadOnlyList<RemovedImage> Removed) Remove(
        ImageTable table,
        string text,
        bool isForced
    )
    {
        var image = table.Get(text);
        var name = ImageReference.TryParse(text, out _)?.WithDefaultTag();
        if (name is not null && table.Named(name) is not null)
            return RemoveName(table, name, image);

        var repositories = table
            .TagsOf(image.Id)
            .Concat(table.DigestsOf(image.Id))
            .Select(ImageTable.RepositoryOf)
            .Distinct()
            .Count();
        if (repositories > 1 && !isForced)
        {
            throw EngineException.Conflict(
                $"conflict: unable to delete {image.Id.ShortHex} (must be forced) - image is referenced in "
                    + "multiple repositories"
            );
        }

        return (table.Without(image.Id), All(table, image.Id));
    }

    /// <summary>What the removal of an image with all its names removes.</summary>
    public static IReadOnlyList<RemovedImage> All(ImageTable table, Digest id) =>
        [.. table.TagsOf(id).Concat(table.DigestsOf(id)).Select(Untagged), new RemovedImage(null, id.ToString())];

    private static (ImageTable Table, IReadOnlyList<RemovedImage> Removed) RemoveName(
        ImageTable table,
        ImageReference name,
        ImageRecord image
    )
    {
        var left = name.Digest is { } digest
            ? table with
            {
                Digests = table.Digests.Remove($"{name.Repository}@{digest}"),
            }
            : table.WithoutTag($"{name.Repository}:{name.Tag}");
        var isLast = !left.TagsOf(image.Id).Any() && !left.DigestsOf(image.Id).Any();
        List<RemovedImage> removed =
        [
            .. table.TagsOf(image.Id).Except(left.TagsOf(image.Id)).Select(Untagged),
            .. table.DigestsOf(image.Id).Except(left.DigestsOf(image.Id)).Select(Untagged),
        ];
        if (isLast)
            removed.Add(new RemovedImage(null, image.Id.ToString()));
        return (isLast ? left.Without(image.Id) : left, removed);
    }

    private static RemovedImage Untagged(string name) => new(ImageReference.Parse(name).Familiar, null);
}
