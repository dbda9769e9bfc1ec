using System.Globalization;
using k8s.Models;

namespace CustomExecutor.Core.Builder.Diagnosis;

/// <summary>What the author is told of a service that has ended.</summary>
public static class ServiceEnd
{
    /// <summary>The sentence, and below it the service's last lines.</summary>
    /// <param name="service">The service.</param>
    /// <param name="ended">What Kubernetes says of its end.</param>
    /// <param name="log">The end of its log. Hostile text.</param>
    public static string Lines(PodContainer service, V1ContainerStateTerminated ended, string log)
    {
        // The runtime's own words: the service never ran.
        if (ended is { Reason: "StartError" or "ContainerCannotRun", Message.Length: > 0 })
        {
            return $"{service.Subject} could not be started ({DisplayText.Of(ended.Message, 600)}). Check "
                + $"{service.ImageKey} and its entrypoint.";
        }

        var words = DaemonLog.LastLines(log);
        var sentence =
            $"{service.Subject} has ended with exit code {ended.ExitCode.ToString(CultureInfo.InvariantCulture)}"
            + (
                ended.Reason == "OOMKilled"
                    ? $": it needed more memory than it may take ({service.Settings}.resources.limits.memory in the "
                        + "runner's settings)"
                    : ""
            );
        return words.Count == 0
            ? $"{sentence}. It has logged nothing."
            : $"{sentence}. Its last lines:\n{string.Join('\n', words.Select(word => $"  {word}"))}";
    }
}
