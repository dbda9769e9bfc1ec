using CustomExecutor.Builder;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Docker;
using CustomExecutor.Core.Runner;
using CustomExecutor.Host.Files;

namespace CustomExecutor.Docker;

/// <summary>
/// Writes the script's files of an attempt: certificates, docker and buildx configuration, home directory.
/// </summary>
internal static class JobFiles
{
    /// <summary>Creates the directories of an attempt, for the driver and for the script.</summary>
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

    /// <summary>Writes the client certificate and its key.</summary>
    public static void WriteCertificates(AttemptPaths paths, JobCertificates certificates)
    {
        PrivateFiles.Write(Path.Join(paths.Certificates, SecretManifest.Ca), certificates.Server.Ca);
        PrivateFiles.Write(
            Path.Join(paths.Certificates, SecretManifest.Certificate),
            certificates.ClientCertificatePem
        );
        PrivateFiles.Write(Path.Join(paths.Certificates, SecretManifest.Key), certificates.ClientKeyPem);
    }

    /// <summary>Writes the job's docker configuration: logins and plugins.</summary>
    public static void WriteDockerConfig(AttemptPaths paths, DockerConfig config) =>
        PrivateFiles.Write(Path.Join(paths.DockerConfig, "config.json"), config.Json);

    /// <summary>Writes a wrapper script for the front of the script's <c>PATH</c>.</summary>
    /// <param name="paths">The attempt's files.</param>
    /// <param name="name">The program's name.</param>
    /// <param name="text">Its text.</param>
    public static void WriteProgram(AttemptPaths paths, string name, string text)
    {
        var file = Path.Join(paths.Programs, name);
        PrivateFiles.Write(file, text);
        File.SetUnixFileMode(file, PrivateFiles.DirectoryMode);
    }

    /// <summary>Writes the builder's buildx instance.</summary>
    public static void WriteBuilder(AttemptPaths paths, BuilderEndpoint endpoint, string builder) =>
        PrivateFiles.Write(
            Path.Join(Instances(paths), builder),
            BuildxInstance.For(endpoint, builder, paths.Certificates).ToJson()
        );

    private static string Instances(AttemptPaths paths) => Path.Join(paths.BuildxConfig, "instances");
}
