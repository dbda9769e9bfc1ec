using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using CustomExecutor.EngineApi.Registry;
using CustomExecutor.EngineApi.Store;

namespace CustomExecutor.EngineApi.Http;

/// <summary>Calls by which clients find out whom they talk to, and those that can only have an empty answer.</summary>
internal sealed class SessionEndpoints(ImageStore store, RegistryHosts hosts, string version)
{
    /// <summary>That of Docker 27; older and newer clients use what both know.</summary>
    public const string ApiVersion = "1.47";

    private const string LowestApiVersion = "1.24";

    private const string Warning =
        "WARNING: This is custom-executor's image API and not a Docker daemon: the job's BuildKit builds, images can be"
        + " loaded, tagged, pushed and pulled, and containers can't run.";

    /// <summary>Answers the call, or returns null if it is another one.</summary>
    public Task? Answer(ApiRequest request) =>
        (request.Method, request.Path) switch
        {
            ("GET", "_ping") => Ping(request),
            ("GET", "version") => Answers.Json(request, Version()),
            ("GET", "info") => Answers.Json(request, Info()),
            ("GET", "events") => Events(request),
            ("POST", "auth") => Login(request),
            ("GET", "containers/json" or "networks" or "plugins") => Answers.Json(request, []),
            ("GET", "volumes") => Answers.Json(
                request,
                new JsonObject { ["Volumes"] = new JsonArray(), ["Warnings"] = null }
            ),
            ("POST", "containers/prune") => Answers.Json(request, Pruned("ContainersDeleted")),
            ("POST", "volumes/prune") => Answers.Json(request, Pruned("VolumesDeleted")),
            ("POST", "build/prune") => Answers.Json(request, Pruned("CachesDeleted")),
            ("POST", "networks/prune") => Answers.Json(request, new JsonObject { ["NetworksDeleted"] = null }),
            _ => null,
        };

    private static async Task Ping(ApiRequest request)
    {
        var headers = request.Context.Response.Headers;
        headers.CacheControl = "no-cache, no-store, must-revalidate";
        headers["Builder-Version"] = "2";
        headers["Docker-Experimental"] = "false";
        headers["Swarm"] = "inactive";
        request.Context.Response.ContentType = "text/plain; charset=utf-8";
        request.Context.Response.ContentLength = 2;
        if (request.Context.Request.Method == "GET")
            await request.Context.Response.Body.WriteAsync("OK"u8.ToArray(), request.Cancellation);
    }

    private async Task Login(ApiRequest request)
    {
        await LoginCheck.Run(hosts, RegistryLogin.FromJson(await request.ReadBody()), request.Cancellation);
        await Answers.Json(request, new JsonObject { ["Status"] = "Login Succeeded", ["IdentityToken"] = "" });
    }

    /// <summary>
    /// Nothing that clients wait for happens here: the stream stays empty until the time asked for, or the client
    /// goes.
    /// </summary>
    private static async Task Events(ApiRequest request)
    {
        await request.Context.Response.Body.FlushAsync(request.Cancellation);
        if (request.Query("until") is not null)
            return;
        await Task.Delay(Timeout.Infinite, request.Cancellation);
    }

    private static JsonObject Pruned(string name) => new() { [name] = null, ["SpaceReclaimed"] = 0 };

    private JsonObject Version() =>
        new()
        {
            ["Platform"] = new JsonObject { ["Name"] = "custom-executor (images only)" },
            ["Components"] = new JsonArray(
                new JsonObject
                {
                    ["Name"] = "Engine",
                    ["Version"] = version,
                    ["Details"] = new JsonObject
                    {
                        ["ApiVersion"] = ApiVersion,
                        ["MinAPIVersion"] = LowestApiVersion,
                        ["Os"] = "linux",
                        ["Arch"] = Manifests.Platform.Host.Architecture,
                        ["Experimental"] = "false",
                    },
                }
            ),
            ["Version"] = version,
            ["ApiVersion"] = ApiVersion,
            ["MinAPIVersion"] = LowestApiVersion,
            ["GitCommit"] = "",
            ["GoVersion"] = "",
            ["Os"] = "linux",
            ["Arch"] = Manifests.Platform.Host.Architecture,
            ["KernelVersion"] = Environment.OSVersion.Version.ToString(),
            ["BuildTime"] = "",
        };

    private JsonObject Info() =>
        new()
        {
            ["ID"] = "custom-executor",
            ["Containers"] = 0,
            ["ContainersRunning"] = 0,
            ["ContainersPaused"] = 0,
            ["ContainersStopped"] = 0,
            ["Images"] = store.Table.Images.Count,
            ["Driver"] = "custom-executor",
            ["DriverStatus"] = new JsonArray(),
            ["Plugins"] = new JsonObject
            {
                ["Volume"] = new JsonArray(),
                ["Network"] = new JsonArray(),
                ["Authorization"] = null,
                ["Log"] = new JsonArray(),
            },
            ["ServerVersion"] = version,
            ["OperatingSystem"] = "custom-executor (images only)",
            ["OSType"] = "linux",
            ["Architecture"] = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "aarch64" : "x86_64",
            ["KernelVersion"] = Environment.OSVersion.Version.ToString(),
            ["NCPU"] = Environment.ProcessorCount,
            ["MemTotal"] = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            ["DockerRootDir"] = "",
            ["Name"] = Environment.MachineName,
            ["IndexServerAddress"] = "https://index.docker.io/v1/",
            ["RegistryConfig"] = new JsonObject
            {
                ["InsecureRegistryCIDRs"] = new JsonArray(),
                ["IndexConfigs"] = new JsonObject(),
                ["Mirrors"] = null,
            },
            ["Swarm"] = new JsonObject { ["LocalNodeState"] = "inactive", ["NodeID"] = "" },
            ["Runtimes"] = new JsonObject(),
            ["DefaultRuntime"] = "",
            ["SecurityOptions"] = new JsonArray(),
            ["Labels"] = new JsonArray(),
            ["CgroupDriver"] = "none",
            ["LoggingDriver"] = "none",
            ["MemoryLimit"] = true,
            ["SwapLimit"] = true,
            ["CpuCfsPeriod"] = true,
            ["CpuCfsQuota"] = true,
            ["CPUShares"] = true,
            ["CPUSet"] = true,
            ["PidsLimit"] = true,
            ["IPv4Forwarding"] = true,
            ["BridgeNfIptables"] = true,
            ["BridgeNfIp6tables"] = true,
            ["Warnings"] = new JsonArray(Warning),
        };
}
