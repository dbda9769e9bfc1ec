using System.Globalization;
using CustomExecutor.EngineApi.Manifests;
using CustomExecutor.EngineApi.References;
using CustomExecutor.EngineApi.Store;

namespace CustomExecutor.EngineApi.Images;

/// <summary>An image with all that docker shows of it.</summary>
/// <param name="Record">The image.</param>
/// <param name="Config">Its configuration.</param>
/// <param name="Tags">Its names with tags, as docker shows them.</param>
/// <param name="Digests">Its names with digests, as docker shows them.</param>
public sealed record ImageView(
    ImageRecord Record,
    ImageConfig Config,
    IReadOnlyList<string> Tags,
    IReadOnlyList<string> Digests
)
{
    /// <summary>The image in one table.</summary>
    public static ImageView Of(ImageTable table, ImageRecord record, ImageConfig config) =>
        new(record, config, Familiar(table.TagsOf(record.Id)), Familiar(table.DigestsOf(record.Id)));

    /// <summary>As <c>docker images</c> shows it.</summary>
    public ImageSummary Summary() =>
        new(
            Record.Id.ToString(),
            ParentId: "",
            Tags,
            Digests,
            Config.CreatedSeconds,
            Record.Size,
            SharedSize: -1,
            Labels: Config.Labels,
            Containers: -1
        );

    /// <summary>As <c>docker inspect</c> shows it.</summary>
    public ImageInspect Inspect() =>
        new(
            Record.Id.ToString(),
            Tags,
            Digests,
            Parent: "",
            Config.Comment ?? "",
            Config.Created ?? "",
            DockerVersion: "",
            Config.Author ?? ""
        )
        {
            Config = Config.Config,
            Architecture = Config.Architecture ?? "",
            Variant = Config.Variant,
            Os = Config.Os ?? "",
            OsVersion = Config.OsVersion,
            Size = Record.Size,
            GraphDriver = new GraphDriver("custom-executor", null),
            RootFS = new RootFs("layers", [.. Config.DiffIds.Select(id => id.ToString())]),
            Metadata = new ImageMetadata(
                DateTimeOffset
                    .FromUnixTimeSeconds(Record.Added)
                    .ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)
            ),
            Descriptor = new ImageDescriptor(
                Record.Root.MediaType ?? "",
                Record.Root.Digest.ToString(),
                Record.Root.Size
            ),
        };

    /// <summary>As <c>docker history</c> shows it: the last step first.</summary>
    /// <param name="layers">The manifest's layers.</param>
    public IReadOnlyList<HistoryStep> History(IReadOnlyList<Descriptor> layers)
    {
        var (steps, layer) = (new List<HistoryStep>(), 0);
        foreach (var step in Config.History ?? [])
        {
            var size = step.EmptyLayer || layer >= layers.Count ? 0 : layers[layer++].Size;
            steps.Add(
                new HistoryStep(
                    "<missing>",
                    ImageConfig.Seconds(step.Created),
                    step.CreatedBy ?? "",
                    null,
                    size,
                    step.Comment ?? ""
                )
            );
        }

        if (steps.Count == 0)
        {
            steps.AddRange(
                layers.Select(one => new HistoryStep("<missing>", Config.CreatedSeconds, "", null, one.Size, ""))
            );
        }

        if (steps.Count > 0)
            steps[^1] = steps[^1] with { Id = Record.Id.ToString(), Tags = Tags.Count == 0 ? null : Tags };
        steps.Reverse();
        return steps;
    }

    private static List<string> Familiar(IEnumerable<string> names) =>
        [.. names.Select(name => ImageReference.Parse(name).Familiar)];
}
