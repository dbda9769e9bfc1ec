using System.Globalization;
using System.Text;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Runner;

namespace CustomExecutor.Core.Docker;

/// <summary>
/// The job's Docker Engine API where scripts run on the host. A script's first call of docker starts it, as a process
/// of the script: so the script's sandbox confines it, it ends with the script, and a script without docker does not
/// pay for it. Its images stay for the job's next script.
/// </summary>
/// <param name="Program">The program's path.</param>
/// <param name="Paths">The attempt's files.</param>
/// <param name="StoreBytes">How many bytes of images the job may have.</param>
public sealed record EngineOnHost(string Program, AttemptPaths Paths, long StoreBytes)
{
    /// <summary>The program's file, beside the driver's.</summary>
    public const string ProgramName = "custom-executor-engine-api";

    /// <summary>Its name as the kernel shows it: the first 15 bytes (<c>/proc/PID/comm</c>).</summary>
    public const string ProcessName = "custom-executor";

    /// <summary>The size of <c>sun_path</c>, unix(7), without the NUL at its end.</summary>
    private const int LongestSocket = 107;

    /// <summary>The builder's buildkitd.toml, for what it says of registries.</summary>
    public static string BuildkitdConfig(AttemptPaths paths) => Path.Join(paths.Engine, "buildkitd.toml");

    /// <summary>Why its program can't run on this host, with the remedy; null if it can.</summary>
    /// <param name="program">Where the program has to be.</param>
    /// <param name="isThere">Whether it is there and may be run.</param>
    /// <param name="hasDocker">Whether scripts find docker.</param>
    public static string? Absence(string program, bool isThere, bool hasDocker)
    {
        if (!hasDocker)
            return "there is no docker in the PATH of the runner's service. Install the docker command line";
        return isThere
            ? null
            : $"there is no program {DisplayText.Of(program)}. Install it beside custom-executor; "
                + "runner/publish builds both";
    }

    /// <summary>Why this attempt can't have it, with the remedy; null if it can.</summary>
    /// <param name="paths">The attempt's files.</param>
    public static string? Obstacle(AttemptPaths paths) =>
        Encoding.UTF8.GetByteCount(paths.EngineSocket) <= LongestSocket
            ? null
            : $"the path of its socket, {DisplayText.Of(paths.EngineSocket)}, is longer than {LongestSocket} bytes."
                + " Give the runner's service a shorter TMPDIR";

    /// <summary>How docker reaches it.</summary>
    /// <param name="endpoint">The builder's endpoint.</param>
    /// <param name="builder">The builder's name.</param>
    public EngineClient Client(BuilderEndpoint endpoint, string builder) =>
        new(
            Paths.EngineSocket,
            Path.Join(Paths.BuildxConfig, "instances", builder),
            BuildxInstance.For(endpoint, builder, Paths.Certificates).WithDefaultLoad().ToJson(),
            Path.Join(Paths.BuildxConfig, "buildx-is-known")
        )
        {
            Start = EngineStart.Commands(
                PidFile,
                Path.Join(Paths.Engine, "log"),
                [
                    Program,
                    "--socket",
                    Paths.EngineSocket,
                    "--store",
                    Path.Join(Paths.Engine, "store"),
                    "--max-store-bytes",
                    StoreBytes.ToString(CultureInfo.InvariantCulture),
                    "--buildkitd-config",
                    BuildkitdConfig(Paths),
                    "--pid-file",
                    PidFile,
                    "--own-sandbox",
                ]
            ),
        };

    private string PidFile => Path.Join(Paths.Engine, "pid");
}
