namespace CustomExecutor.Core.JobPod;

/// <summary>Where things are in the containers of a job's pod.</summary>
public static class JobPodPaths
{
    /// <summary>On a memory volume that helper, buildkitd and build share.</summary>
    public const string Job = "/run/job";

    /// <summary>Where buildkitd listens.</summary>
    public const string Socket = Job + "/buildkitd.sock";

    /// <summary>Where the job's Docker Engine API listens.</summary>
    public const string EngineSocket = Job + "/docker.sock";

    /// <summary>The images of the job's Docker Engine API, in its own container.</summary>
    public const string EngineStore = "/var/lib/images";

    /// <summary>The script's <c>BUILDX_CONFIG</c>.</summary>
    public const string BuildxConfig = Job + "/buildx";

    /// <summary>The script's <c>DOCKER_CONFIG</c>.</summary>
    public const string DockerConfig = Job + "/docker";

    /// <summary>For the driver's own programs in front of the script's <c>PATH</c>.</summary>
    public const string Programs = Job + "/bin";

    /// <summary>On a memory volume of the container's own: the script's text, process and exit code.</summary>
    public const string Scripts = "/run/scripts";

    /// <summary>On a disk volume of the container's own: the script's output.</summary>
    public const string Output = "/run/output";

    /// <summary>The runner's <c>builds_dir</c>.</summary>
    public const string Builds = "/builds";

    /// <summary>The home of a script whose user has none that it may write. No group of GitLab's has such a
    /// name.</summary>
    public const string SpareHome = Builds + "/.home";

    /// <summary>The runner's <c>cache_dir</c>.</summary>
    public const string Cache = "/cache";

    /// <summary>Temporary files.</summary>
    public const string Temporary = "/tmp";

    /// <summary>The docker command line.</summary>
    public const string Docker = Tools + DockerInTools;

    /// <summary>The directory of docker's plugins, for <c>cliPluginsExtraDirs</c>.</summary>
    public const string DockerPlugins = Tools + PluginsInTools;

    /// <summary>Where the tools' image is mounted, or a directory with the same two files.</summary>
    internal const string Tools = "/run/tools";

    /// <summary>Where docker's official image has them.</summary>
    internal const string DockerInTools = "/usr/local/bin/docker";

    internal const string PluginsInTools = "/usr/local/libexec/docker/cli-plugins";
}
