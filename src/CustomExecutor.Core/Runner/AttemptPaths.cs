using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace CustomExecutor.Core.Runner;

/// <summary>
/// The files of one attempt, in the directory that the runner creates and removes. The driver's and the script's files
/// are in separate directories, so that the sandbox can hide the driver's.
/// </summary>
/// <param name="Root">The runner's <c>TMPDIR</c>: new for each attempt, the same in all its stages.</param>
public sealed record AttemptPaths(string Root)
{
    /// <summary>The driver's own directory, hidden from scripts.</summary>
    public string Driver => Path.Join(Root, "driver");

    /// <summary>The state that prepare saves for run and cleanup.</summary>
    public string StateFile => Path.Join(Driver, "state.json");

    /// <summary>There once the containers of the author's scripts and the builder have been waited for.</summary>
    public string StartedFile => Path.Join(Driver, "started");

    /// <summary>There while a script runs in the job's pod: its container and its id.</summary>
    public string RunningFile => Path.Join(Driver, "running");

    /// <summary>There once the author has been told that a service has ended.</summary>
    /// <param name="container">The service's container.</param>
    public string ToldFile(string container) => Path.Join(Driver, $"told-{container}");

    /// <summary>How much of a service's log the author has been shown (<c>CI_DEBUG_SERVICES</c>).</summary>
    /// <param name="container">The service's container.</param>
    public string ShownFile(string container) => Path.Join(Driver, $"shown-{container}");

    /// <summary>There once the author has been warned that a service's log can't be shown.</summary>
    public string UnshownFile => Path.Join(Driver, "unshown");

    /// <summary>The script's part.</summary>
    public string Job => Path.Join(Root, "job");

    /// <summary>The script's <c>BUILDX_CONFIG</c>.</summary>
    public string BuildxConfig => Path.Join(Job, "buildx");

    /// <summary>The script's <c>DOCKER_CONFIG</c>.</summary>
    public string DockerConfig => Path.Join(Job, "docker");

    /// <summary>The job's client certificate and its key.</summary>
    public string Certificates => Path.Join(Job, "certs");

    /// <summary>
    /// The script's <c>HOME</c>. Its name is short, like <see cref="Temp"/>'s: programs create sockets in both, and a
    /// socket's path has at most 107 characters (<c>sun_path</c>, unix(7)), of which the runner's directory uses about
    /// 60.
    /// </summary>
    public string Home => Path.Join(Root, "h");

    /// <summary>
    /// The first directory in the script's <c>PATH</c>, with the driver's wrappers of <c>docker</c> and <c>ssh</c>.
    /// </summary>
    public string Programs => Path.Join(Job, "bin");

    /// <summary>What the job's Docker Engine API keeps; there if the job has one.</summary>
    public string Engine => Path.Join(Job, "engine");

    /// <summary>Its socket, the value of the script's <c>DOCKER_HOST</c>; the path is short, as <see cref="Home"/>'s.
    /// </summary>
    public string EngineSocket => Path.Join(Job, "docker.sock");

    /// <summary>The script's <c>TMPDIR</c>.</summary>
    public string Temp => Path.Join(Root, "t");

    /// <summary>All directories that belong to the script.</summary>
    public IReadOnlyList<string> Own => [Job, Home, Temp];

    /// <summary>
    /// The name of this attempt's workspace: the job's id for people, and a hash of the attempt's directory, which is
    /// unique on this host (two GitLab servers may use the same job id). Each stage can compute it without a state
    /// file. No author chooses the directory, so the hash need not be a cryptographic one: .NET's would load OpenSSL,
    /// which takes a third of the time of config.
    /// </summary>
    public string WorkspaceName(long jobId)
    {
        var hash = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(Root.AsSpan()));
        return string.Create(CultureInfo.InvariantCulture, $"{jobId}-{(uint)hash:x8}");
    }
}
