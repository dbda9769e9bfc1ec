using CustomExecutor.Builder;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Docker;
using CustomExecutor.Core.Runner;
using CustomExecutor.Host.Files;

namespace CustomExecutor.Docker;

/// <summary>Writes the script's part of an attempt: its certificates, docker and buildx configuration, home.</summary>
internal static class JobFiles
{
    /// <summary>Makes the directories of an attempt, the driver's part and the script's.</summary>
    public static void MakeDirectories(AttemptPaths paths)
    {
        foreach (
            var directory in (string[])
                [
                    paths.Driver,
                    paths.Job,
                    paths.Certificates,
                    paths.DockerConfig,
                    Instances(paths),
                    paths.Home,
                    paths.Programs,
                    paths.Temp,
                ]
        )
        {
            PrivateFiles.MakeDirectory(directory);
        }
    }

    /// <summary>The client's half of the certificates.</summary>
    public static void WriteCertificates(AttemptPaths paths, JobCertificates certificates)
    {
        PrivateFiles.Write(Path.Join(paths.Certificates, SecretManifest.Ca), certificates.Server.Ca);
        PrivateFiles.Write(
            Path.Join(paths.Certificates, SecretManifest.Certificate),
            certificates.ClientCertificatePem
        );
        PrivateFiles.Write(Path.Join(paths.Certificates, SecretManifest.Key), certificates.ClientKeyPem);
    }

    /// <summary>The job's docker logins and plugins.</summary>
    public static void WriteDockerConfig(AttemptPaths paths, DockerConfig config) =>
        PrivateFiles.Write(Path.Join(paths.DockerConfig, "config.json"), config.Json);

    /// <summary>Writes a program for the front of the script's <c>PATH</c>.</summary>
    /// <param name="paths">The attempt's files.</param>
    /// <param name="name">The program's name.</param>
    /// <param name="text">Its text.</param>
    public static void WriteProgram(AttemptPaths paths, string name, string text)
    {
        var file = Path.Join(paths.Programs, name);
        PrivateFiles.Write(file, text);
        File.SetUnixFileMode(file, PrivateFiles.DirectoryMode);
    }

    /// <summary>Makes the builder known to the job's buildx.</summary>
    public static void WriteBuilder(AttemptPaths paths, BuilderEndpoint endpoint, string builder) =>
        PrivateFiles.Write(
            Path.Join(Instances(paths), builder),
            BuildxInstance.For(endpoint, builder, paths.Certificates).ToJson()
        );

    private static string Instances(AttemptPaths paths) => Path.Join(paths.BuildxConfig, "instances");
}
