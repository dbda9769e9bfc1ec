using System.Text.Json;
using CustomExecutor.Commands.Try;
using CustomExecutor.Core.Runner;

namespace CustomExecutor.EndToEnd;

/// <summary>What a job's script finds in its attempt's directory.</summary>
internal static class AttemptFiles
{
    /// <summary>The builder's name, as the job's buildx knows it.</summary>
    public static string Builder(this PlayedAttempt attempt) => Path.GetFileName(attempt.InstanceFile());

    public static string InstanceFile(this PlayedAttempt attempt) => Directory.GetFiles(Instances(attempt)).Single();

    /// <summary>The builder's address, like <c>tcp://10.1.2.3:1234</c>.</summary>
    public static string Endpoint(this PlayedAttempt attempt)
    {
        using var instance = JsonDocument.Parse(File.ReadAllText(attempt.InstanceFile()));
        return instance.RootElement.GetProperty("Nodes")[0].GetProperty("Endpoint").GetString()!;
    }

    public static void WriteInstance(this PlayedAttempt attempt, string name, string json) =>
        File.WriteAllText(Path.Join(Instances(attempt), name), json);

    private static string Instances(PlayedAttempt attempt) =>
        Path.Join(new AttemptPaths(attempt.Directory).BuildxConfig, "instances");
}
