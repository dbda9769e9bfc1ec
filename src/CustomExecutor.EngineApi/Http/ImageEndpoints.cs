using System.Text.Json.Nodes;
using CustomExecutor.EngineApi.Images;
using CustomExecutor.EngineApi.References;
using CustomExecutor.EngineApi.Store;

namespace CustomExecutor.EngineApi.Http;

/// <summary>Calls about the images in the store.</summary>
internal sealed class ImageEndpoints(ImageStore store, TimeProvider time)
{
    /// <summary>Answers the call, or returns null if it is another one.</summary>
    public Task? Answer(ApiRequest request) =>
        request.Method switch
        {
            "GET" when request.Path == "images/json" => List(request),
            "GET" when request.Between("images/", "/json") is { } name => Inspect(request, name),
            "GET" when request.Between("images/", "/history") is { } name => History(request, name),
            "POST" when request.Path == "images/prune" => Prune(request),
            "POST" when request.Between("images/", "/tag") is { } name => Tag(request, name),
            "DELETE" when request.Between("images/", "") is { } name => Remove(request, name),
            "GET" when request.Path == "system/df" => DiskUsage(request),
            _ => null,
        };

    private Task List(ApiRequest request)
    {
        var filters = ImageFilters.Parse(request.Query("filters"));
        IReadOnlyList<ImageSummary> images =
        [
            .. Select(filters)
                .Where(view => filters.Dangling is not { } dangling || dangling == (view.Tags.Count == 0))
                .Select(view => view.Summary()),
        ];
        return Answers.Json(request, images, ImagesJson.Default.IReadOnlyListImageSummary);
    }

    private Task Inspect(ApiRequest request, string name)
    {
        var table = store.Table;
        return Answers.Json(request, View(table, table.Get(name)).Inspect(), ImagesJson.Default.ImageInspect);
    }

    private Task History(ApiRequest request, string name)
    {
        var table = store.Table;
        var image = table.Get(name);
        return Answers.Json(
            request,
            View(table, image).History(store.ManifestOf(image).Layers!),
            ImagesJson.Default.IReadOnlyListHistoryStep
        );
    }

    private Task Tag(ApiRequest request, string name)
    {
        var repository = request.Query("repo") ?? "";
        var target = ImageReference
            .Parse(request.Query("tag") is { } tag ? $"{repository}:{tag}" : repository)
            .WithDefaultTag();
        if (target.Digest is not null)
            throw Faults.EngineException.Invalid("refusing to create a tag with a digest reference");
        store.Change(table => table.Named(target, table.Get(name)));
        request.Context.Response.StatusCode = 201;
        return Task.CompletedTask;
    }

    private Task Remove(ApiRequest request, string name)
    {
        IReadOnlyList<RemovedImage> removed = [];
        store.Change(table =>
        {
            (table, removed) = ImageRemoval.Remove(table, name, request.Flag("force"));
            return table;
        });
        return Answers.Json(request, removed, ImagesJson.Default.IReadOnlyListRemovedImage);
    }

    /// <summary>Without <c>dangling=false</c> (docker's <c>--all</c>) only images without a name go.</summary>
    private Task Prune(ApiRequest request)
    {
        var filters = ImageFilters.Parse(request.Query("filters"));
        var before = store.Blobs.Space.Used;
        List<RemovedImage> removed = [];
        store.Change(table =>
        {
            foreach (var view in Select(filters).Where(view => filters.Dangling == false || view.Tags.Count == 0))
            {
                removed.AddRange(ImageRemoval.All(table, view.Record.Id));
                table = table.Without(view.Record.Id);
            }

            return table;
        });
        var freed = Math.Max(0, before - store.Blobs.Space.Used);
        return Answers.Json(request, new PrunedImages(removed, freed), ImagesJson.Default.PrunedImages);
    }

    private Task DiskUsage(ApiRequest request) =>
        Answers.Json(
            request,
            new JsonObject
            {
                ["LayersSize"] = store.Blobs.Space.Used,
                ["Images"] = new JsonArray([
                    .. Select(ImageFilters.Parse(null))
                        .Select(view =>
                            (JsonNode?)
                                System.Text.Json.JsonSerializer.SerializeToNode(
                                    view.Summary() with
                                    {
                                        SharedSize = 0,
                                        Containers = 0,
                                    },
                                    ImagesJson.Default.ImageSummary
                                )
                        ),
                ]),
                ["Containers"] = new JsonArray(),
                ["Volumes"] = new JsonArray(),
                ["BuildCache"] = new JsonArray(),
            }
        );

    /// <summary>The newest first, each id once.</summary>
    private List<ImageView> Select(ImageFilters filters)
    {
        var table = store.Table;
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        return table
            .Images.Values.GroupBy(image => image.Id)
            .Select(same => View(table, same.MaxBy(image => image.Added)!))
            .Where(view => filters.Pass(view, table, image => store.ConfigOf(image).CreatedSeconds, now))
            .OrderByDescending(view => view.Config.CreatedSeconds)
            .ThenByDescending(view => view.Record.Added)
            .ToList();
    }

    private ImageView View(ImageTable table, ImageRecord image) => ImageView.Of(table, image, store.ConfigOf(image));
}
