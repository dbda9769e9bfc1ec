using CustomExecutor.EngineApi.Registry;
using CustomExecutor.EngineApi.Store;

namespace CustomExecutor.EngineApi.Http;

/// <summary>All calls, served or refused.</summary>
internal sealed class ApiEndpoints(ImageStore store, RegistryHosts hosts, string version)
{
    private readonly SessionEndpoints _session = new(store, hosts, version);
    private readonly ImageEndpoints _images = new(store, TimeProvider.System);
    private readonly TransferEndpoints _transfers = new(store, hosts, TimeProvider.System);

    public Task Answer(ApiRequest request) =>
        _session.Answer(request)
        ?? _transfers.Answer(request)
        ?? _images.Answer(request)
        ?? throw RefusedCalls.Of(request.Method, request.Path);
}
