using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CustomExecutor.Core.Runner;

/// <summary>
/// The files of one attempt, under the directory that the runner makes for it and removes. What only the driver needs
/// and what the job's script needs lie apart, so that the script can be kept from the former.
/// </summary>
/// <param name="Root">The runner's <c>TMPDIR</c>: fresh for each attempt, the same in all its stages.</param>
public sealed record AttemptPaths(string Root)
{
    /// <summary>The driver's own part: a script has no business here.</summary>
    public string Driver => Path.Join(Root, "driver");

    /// <summary>What prepare hands to run and cleanup.</summary>
    public string StateFile => Path.Join(Driver, "state.json");

    /// <summary>There once the containers of the author's scripts and the builder have been waited for.</summary>
    public string StartedFile => Path.Join(Driver, "started");

    /// <summary>The script's part.</summary>
    public string Job => Path.Join(Root, "job");

    /// <summary>The script's <c>BUILDX_CONFIG</c>.</summary>
    public string BuildxConfig => Path.Join(Job, "buildx");

    /// <summary>The script's <c>DOCKER_CONFIG</c>.</summary>
    public string DockerConfig => Path.Join(Job, "docker");

    /// <summary>The client half of the job's certificates.</summary>
    public string Certificates => Path.Join(Job, "certs");

    /// <summary>
    /// The script's <c>HOME</c>. Its name is short, as is <see cref="Temp"/>'s: programs make sockets below both, and a
    /// socket's path has 107 characters at most (<c>sun_path</c>, unix(7)); the runner's own directory takes some 60 of
    /// them.
    /// </summary>
    public string Home => Path.Join(Root, "h");

    /// <summary>In front of the script's <c>PATH</c>: the driver's <c>docker</c> and <c>ssh</c>.</summary>
    public string Programs => Path.Join(Job, "bin");

    /// <summary>The script's <c>TMPDIR</c>.</summary>
    public string Temp => Path.Join(Root, "t");

    /// <summary>All that is the script's.</summary>
    public IReadOnlyList<string> Own => [Job, Home, Temp];

    /// <summary>
    /// The name of this attempt's workspace: the job's id for people, and a hash of the attempt's directory, which is
    /// unique on this host (two GitLab servers may have jobs of one id). Each stage finds it again without a state
    /// file.
    /// </summary>
    public string WorkspaceName(long jobId)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Root)));
        return string.Create(CultureInfo.InvariantCulture, $"{jobId}-{hash.AsSpan(0, 8)}");
    }
}
