using System.Text;
using CustomExecutor.Core.Docker;

namespace CustomExecutor.Core.JobPod;

/// <summary>The driver's own first script in the helper: it writes what the job's scripts find below <see
/// cref="JobPodPaths.Job"/>. The files hold the job's logins, so they are on a memory volume and in no pod
/// specification.</summary>
public static class JobPodSetup
{
    /// <summary>For the helper's PATH: the runner's scripts call gitlab-runner, and its helper image has
    /// gitlab-runner-helper.</summary>
    internal const string HelperPrograms = JobPodPaths.Scripts + "/bin";

    /// <summary>The script, POSIX shell.</summary>
    /// <param name="builder">The builder's name.</param>
    /// <param name="docker">The job's docker configuration.</param>
    /// <param name="wrapper">The text of the <c>docker</c> for the front of the author's PATH.</param>
    public static string Script(string builder, DockerConfig docker, string wrapper)
    {
        var instances = $"{JobPodPaths.BuildxConfig}/instances";
        var script = new StringBuilder("n='\n'\nset -e\n");
        // An author's image may run as any user, all of whom are in the volume's group.
        script.Append("umask 0\n");
        script.Append($"mkdir -p {instances} {JobPodPaths.DockerConfig} {JobPodPaths.Programs} {HelperPrograms}\n");
        Write(script, $"{instances}/{builder}", BuildxInstance.InPod(builder, JobPodPaths.Socket).ToJson());
        Write(script, $"{JobPodPaths.DockerConfig}/config.json", docker.Json);
        Write(script, $"{JobPodPaths.Programs}/docker", wrapper);
        script.Append($"chmod 755 {JobPodPaths.Programs}/docker\n");
        script.Append(
            $"! helper=$(command -v gitlab-runner-helper) || ln -sf \"$helper\" {HelperPrograms}/gitlab-runner\n"
        );
        return script.ToString();
    }

    /// <summary>How docker reaches the job's Docker Engine API.</summary>
    /// <param name="builder">The builder's name.</param>
    public static EngineClient EngineClient(string builder) =>
        new(
            JobPodPaths.EngineSocket,
            $"{JobPodPaths.BuildxConfig}/instances/{builder}",
            BuildxInstance.InPod(builder, JobPodPaths.Socket).WithDefaultLoad().ToJson(),
            $"{JobPodPaths.BuildxConfig}/buildx-is-known"
        );

    private static void Write(StringBuilder script, string file, string text) =>
        script.Append($"printf %s {ShellWord.OnOneLine(text)} >{ShellWord.OnOneLine(file)}\n");
}
