using CustomExecutor.Core;
using CustomExecutor.EngineApi.Faults;

namespace CustomExecutor.EngineApi.Http;

/// <summary>What can't be: each refusal says what this is and what to use instead.</summary>
internal static class RefusedCalls
{
    private const string This = "This is custom-executor's image API and not a Docker daemon";

    /// <summary>The refusal of a pull without a tag.</summary>
    public static EngineException AllTags =>
        Refuse("pulling all tags at once is not served. Pull each tag by its name");

    /// <summary>The refusal of a call that nobody answers.</summary>
    public static EngineException Of(string method, string path)
    {
        var parts = path.Split('/');
        return (method, parts[0]) switch
        {
            ("POST", "containers") when path == "containers/create" => Refuse(
                "the job has a BuildKit and no place to run containers (docker run, docker compose up,"
                    + " docker buildx create --bootstrap)."
                    + " Use a RUN step or docker buildx build --output for commands, services: in the YAML for"
                    + " servers; the job's builder is there already"
            ),
            (_, "containers") => EngineException.NotFound($"No such container: {Shown(parts)}"),
            (_, "exec") => EngineException.NotFound($"No such exec instance: {Shown(parts)}"),
            ("POST", "build") => Refuse(
                "the classic builder (DOCKER_BUILDKIT=0) does not exist here."
                    + " Unset DOCKER_BUILDKIT: docker build then uses the job's BuildKit"
            ),
            ("POST", "session" or "grpc") => Refuse(
                "there is no BuildKit behind this socket. Leave the job's builder selected"
                    + " (BUILDX_BUILDER, docker buildx ls) instead of the builder \"default\""
            ),
            ("POST", "commit") => Refuse("there are no containers to commit. Use a Dockerfile"),
            ("POST", "images") when path == "images/create" => Refuse(
                "docker import is not served. Use a Dockerfile: FROM scratch, ADD rootfs.tar /"
            ),
            ("POST", "networks") when path == "networks/create" => Refuse(
                "there are no containers to connect. Use services: in the YAML"
            ),
            ("POST", "volumes") when path == "volumes/create" => Refuse(
                "there are no containers to mount it. Use RUN --mount=type=cache in the Dockerfile"
            ),
            (_, "networks") => EngineException.NotFound($"network {Shown(parts)} not found"),
            (_, "volumes") => EngineException.NotFound($"get {Shown(parts)}: no such volume"),
            ("GET", "images") when path == "images/search" => Refuse(
                "docker search is not served. Search in the registry's own pages"
            ),
            (_, "swarm" or "services" or "nodes" or "tasks" or "secrets" or "configs") => Refuse(
                "there is no swarm. Deploy with docker or kubectl against a cluster of your own"
            ),
            ("GET", "plugins") when path.EndsWith("/json", StringComparison.Ordinal) => EngineException.NotFound(
                $"plugin \"{Shown(parts)}\" not found"
            ),
            (_, "plugins") => Refuse("there are no plugins of a daemon"),
            _ => new EngineException(
                501,
                $"{This}: it does not serve {method} /{DisplayText.Of(path, 100)}."
                    + " It serves images: load, tag, push, pull, save, inspect, remove."
            ),
        };
    }

    private static EngineException Refuse(string why) => new(501, $"{This}: {why}.");

    private static string Shown(string[] parts) => DisplayText.Of(string.Join('/', parts.Skip(1)), 100);
}
