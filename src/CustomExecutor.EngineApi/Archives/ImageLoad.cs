using CustomExecutor.EngineApi.Store;

namespace CustomExecutor.EngineApi.Archives;

/// <summary><c>docker load</c>: all images of an archive, or none.</summary>
internal static class ImageLoad
{
    /// <summary>Loads an archive.</summary>
    /// <returns>Docker's lines about it.</returns>
    /// <exception cref="Faults.EngineException">It can't be loaded; the store is as before.</exception>
    public static async Task<IReadOnlyList<string>> Run(
        ImageStore store,
        Stream body,
        long now,
        CancellationToken cancellation
    )
    {
        using var lease = store.Lease([]);
        var contents = await ArchiveReader.Read(body, store, lease, cancellation);
        var loaded = await new ArchiveImages(store, lease, contents, now).Find(cancellation);
        var (before, _) = store.Change(table =>
            loaded.Aggregate(
                table,
                (all, one) => one.Names.Aggregate(all.With(one.Image), (named, name) => named.Named(name, one.Image))
            )
        );
        return [.. loaded.SelectMany(image => Lines(image, before))];
    }

    private static IEnumerable<string> Lines(LoadedImage loaded, ImageTable before)
    {
        if (loaded.Names.Count == 0)
            yield return $"Loaded image ID: {loaded.Image.Id}\n";
        foreach (var name in loaded.Names)
        {
            if (before.Named(name) is { } old && old.Id != loaded.Image.Id)
            {
                yield return $"The image {name.Familiar} already exists, renaming the old one with ID {old.Id} to "
                    + "empty string\n";
            }

            yield return $"Loaded image: {name.Familiar}\n";
        }
    }
}
