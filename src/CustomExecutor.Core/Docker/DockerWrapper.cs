using CustomExecutor.Core.Runner;

namespace CustomExecutor.Core.Docker;

/// <summary>
/// A program <c>docker</c> for the front of a script's <c>PATH</c>. It must look at each call: the runner's script
/// exports the author's variables after the driver has created the environment.
/// </summary>
/// <param name="Services">The job's services. Hostile text.</param>
/// <param name="Engine">The job's Docker Engine API; null where it has none.</param>
public sealed record DockerWrapper(IReadOnlyList<JobImage> Services, EngineClient? Engine)
{
    /// <summary>The program on the runner's host.</summary>
    /// <param name="docker">The real program's path.</param>
    public string OnHost(string docker) => Program($"_docker={ShellWord.Of(docker)}");

    /// <summary>The program in a job's pod, which looks for the image's own docker each time it is called.</summary>
    /// <param name="tools">The path of the driver's docker.</param>
    /// <param name="programs">The directory of this program.</param>
    /// <param name="ownFirst">Whether the image's own docker is preferred.</param>
    public string InPod(string tools, string programs, bool ownFirst) =>
        Program(
            ownFirst
                ? $$"""
                _docker=
                IFS=:
                for _directory in $PATH; do
                    [ "$_directory" = {{ShellWord.Of(programs)}} ] || [ ! -x "$_directory/docker" ] || {
                        _docker=$_directory/docker
                        break
                    }
                done
                unset IFS
                [ -n "$_docker" ] || _docker={{ShellWord.Of(tools)}}
                """
                : $"_docker={ShellWord.Of(tools)}"
        );

    /// <summary>Addresses of a daemon in a service, as patterns of a shell.</summary>
    private string Daemons =>
        string.Join(" | ", DockerInDocker.Hosts(Services).Select(host => $"tcp://{host} | tcp://{host}:*"));

    private string Program(string find) =>
        $"""
            #!/bin/sh
            # custom-executor put this here: docker uses the job's BuildKit{(
            Engine is null ? "" : " and the job's Engine API"
        )},
            # so the address of a Docker daemon in a service is not used.
            {find}
            {(Engine is null ? WithoutEngine : WithEngine(Engine))}
            exec "$_docker" "$@"

            """;

    private string WithoutEngine =>
        $"""
            case "$DOCKER_HOST" in
            {Daemons}) unset {Variables} ;;
            '') [ -e "$DOCKER_CERT_PATH/ca.pem" ] || unset {Variables} ;;
            esac
            """;

    /// <summary>
    /// A daemon's address wins over a context (docker's <c>resolveContextName</c>), so it is left out where the author
    /// has chosen a context. A build for several platforms can't be loaded, and without an output it need not be.
    /// Whether buildx knows <c>default-load</c> is looked up once, in its first call.
    /// </summary>
    private string WithEngine(EngineClient engine) =>
        $$"""
            case "$DOCKER_HOST" in
            '' | {{ShellWord.Of(engine.Url)}} | {{Daemons}})
                unset {{Variables}}
                [ -n "$DOCKER_CONTEXT" ] || {
                    export DOCKER_HOST={{ShellWord.Of(engine.Url)}}
                    {{engine.Start}}
                }
                ;;
            esac
            _previous=
            for _word; do
                case "$_previous $_word" in
                "--platform "*,* | *" --platform="*,*) export BUILDX_NO_DEFAULT_LOAD="${BUILDX_NO_DEFAULT_LOAD:-1}" ;;
                esac
                _previous=$_word
            done
            _looked={{ShellWord.Of(engine.LookedFile)}}
            if [ ! -e "$_looked" ]; then
                _version=$("$_docker" buildx version 2>/dev/null)
                _version=${_version#* }
                _version=${_version#v}
                _minor=${_version#*.}
                _major=${_version%%.*}
                _minor=${_minor%%.*}
                _knows=nothing
                case "$_major:$_minor" in
                : | :* | *: | *[!0-9:]*) ;;
                *)
                    _knows={{OldBuildx.Word}}
                    [ "$_major" -eq 0 ] && [ "$_minor" -lt {{BuildxInstance.FirstMinorWithDefaultLoad}} ] || {
                        _knows=default-load
                        printf %s {{ShellWord.Of(
                engine.InstanceWithLoad
            )}} >"$_looked.$$" && mv "$_looked.$$" {{ShellWord.Of(engine.InstanceFile)}}
                    }
                    ;;
                esac
                printf '%s\n' "$_knows" >"$_looked.$$" && mv "$_looked.$$" "$_looked"
            fi 2>/dev/null
            {{OldBuildx.AddLoad}}
            """;

    private static string Variables => string.Join(' ', DockerInDocker.Variables);
}

/// <summary>How docker reaches the job's Docker Engine API.</summary>
/// <param name="Socket">The path of its unix socket.</param>
/// <param name="InstanceFile">The file of the job's builder in <c>BUILDX_CONFIG</c>.</param>
/// <param name="InstanceWithLoad">Its text for a buildx that knows the option <c>default-load</c>: a build without an
/// output is then loaded as with a daemon.</param>
/// <param name="LookedFile">Exists when it is known whether buildx knows that option, and says it in a word.</param>
public sealed record EngineClient(string Socket, string InstanceFile, string InstanceWithLoad, string LookedFile)
{
    /// <summary>Shell commands that start it if it does not run; none where it always runs.</summary>
    public string Start { get; init; } = ":";

    /// <summary>The value of <c>DOCKER_HOST</c>.</summary>
    public string Url => $"unix://{Socket}";
}
