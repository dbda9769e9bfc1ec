using CustomExecutor.EngineApi.Archives;
using CustomExecutor.EngineApi.Faults;
using CustomExecutor.EngineApi.Images;
using CustomExecutor.EngineApi.Manifests;
using CustomExecutor.EngineApi.Progress;
using CustomExecutor.EngineApi.References;
using CustomExecutor.EngineApi.Registry;
using CustomExecutor.EngineApi.Store;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace CustomExecutor.EngineApi.Http;

/// <summary>Calls that move images: load, save, push, pull; and those that only ask a registry.</summary>
internal sealed class TransferEndpoints(ImageStore store, RegistryHosts hosts, TimeProvider time)
{
    private readonly KnownBlobs _known = new();

    /// <summary>Answers the call, or returns null if it is another one.</summary>
    public Task? Answer(ApiRequest request) =>
        request.Method switch
        {
            "POST" when request.Path == "images/load" => Load(request),
            "GET" when request.Path == "images/get" => Save(
                request,
                [.. request.Context.Request.Query["names"].OfType<string>()]
            ),
            "GET" when request.Between("images/", "/get") is { } name => Save(request, [name]),
            "POST" when request.Between("images/", "/push") is { } name => Push(request, name),
            "POST" when request.Path == "images/create" && request.Query("fromImage") is { } name => Pull(
                request,
                name
            ),
            "GET" when request.Between("distribution/", "/json") is { } name => Inspect(request, name),
            _ => null,
        };

    private async Task Load(ApiRequest request)
    {
        // The store's size bounds the body, and BuildKit may compute for minutes before the next byte comes.
        var features = request.Context.Features;
        features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
        features.Get<IHttpMinRequestBodyDataRateFeature>()!.MinDataRate = null;
        var body = request.Context.Request.Body;
        try
        {
            var lines = await ImageLoad.Run(store, body, Now, request.Cancellation);
            await Drain.Run(body, request.Cancellation);
            await Answers.Progress(
                request,
                async log =>
                {
                    foreach (var line in lines)
                        await log.Write(new ProgressLine { Stream = line }, request.Cancellation);
                }
            );
        }
        catch (EngineException)
        {
            // A client that still sends would see a broken pipe instead of the answer.
            await Drain.Run(body, request.Cancellation);
            throw;
        }
    }

    private async Task Save(ApiRequest request, IReadOnlyList<string> names)
    {
        var images = ImageSave.Choose(store.Table, names);
        using var lease = store.Lease(images.SelectMany(image => image.Image.Blobs).Select(blob => blob.Digest));
        request.Context.Response.ContentType = "application/x-tar";
        await ImageSave.Write(store, images, request.Context.Response.Body, request.Cancellation);
    }

    private Task Push(ApiRequest request, string text)
    {
        var name = ImageReference.Parse(text);
        if (name.Digest is not null)
            throw EngineException.Invalid("cannot push a digest reference");
        var table = store.Table;
        List<ImageReference> names =
            request.Query("tag") is { } tag ? [ImageReference.Parse($"{name.Repository}:{tag}")]
            : name.Tag is not null ? [name]
            :
            [
                .. table
                    .Tags.Keys.Where(tag => ImageTable.RepositoryOf(tag) == name.Repository)
                    .Select(ImageReference.Parse),
            ];
        if (names.Count == 0)
            throw NotHere(name);
        var images = names.Select(one => (one, table.Named(one) ?? throw NotHere(one))).ToList();
        if (request.Query("platform") is { } json)
        {
            foreach (var (one, image) in images)
                PushedPlatform.Check(json, one, store.ConfigOf(image).Platform);
        }

        var login = Login(request);
        return Answers.Progress(
            request,
            async log =>
            {
                await log.Say($"The push refers to repository [{name.Repository}]", request.Cancellation);
                foreach (var (one, image) in images)
                    await new ImagePush(store, hosts, _known, log).Run(one, image, login, request.Cancellation);
            }
        );
    }

    private Task Pull(ApiRequest request, string text)
    {
        var tag = request.Query("tag");
        var separator = tag?.Contains(':', StringComparison.Ordinal) == true ? '@' : ':';
        var name = ImageReference.Parse(tag is null ? text : $"{text}{separator}{tag}").WithDefaultTag();
        if (name.Digest is not null)
            name = name with { Tag = null };
        // By the API, no tag means every tag of the repository.
        else if (tag is null && ImageReference.Parse(text).Tag is null)
            throw RefusedCalls.AllTags;
        var platform = request.Query("platform") is not { } asked
            ? null
            : Platform.Parse(asked)
                ?? throw EngineException.Invalid(
                    $"invalid platform \"{Core.DisplayText.Of(asked, 50)}\"; it is like linux/amd64"
                );
        var login = Login(request);
        return Answers.Progress(
            request,
            log => new ImagePull(store, hosts, _known, log).Run(name, platform, login, Now, request.Cancellation)
        );
    }

    private async Task Inspect(ApiRequest request, string text)
    {
        var name = ImageReference.Parse(text).WithDefaultTag();
        var session = new RegistrySession(
            await hosts.Find(name.Domain),
            Login(request),
            [$"repository:{name.Path}:pull"]
        );
        var found = await RemoteManifest.Get(session, name, request.Cancellation);
        var descriptor = new ImageDescriptor(
            found.Descriptor.MediaType!,
            found.Descriptor.Digest.ToString(),
            found.Descriptor.Size
        );
        var platforms = await RemotePlatforms.Of(session, name, found, request.Cancellation);
        await Answers.Json(
            request,
            new DistributionInspect(descriptor, platforms),
            ImagesJson.Default.DistributionInspect
        );
    }

    private long Now => time.GetUtcNow().ToUnixTimeSeconds();

    private static RegistryLogin Login(ApiRequest request) =>
        RegistryLogin.FromHeader(request.Context.Request.Headers["X-Registry-Auth"].FirstOrDefault());

    private static EngineException NotHere(ImageReference name) =>
        EngineException.NotFound($"An image does not exist locally with the tag: {name.Familiar}");
}
