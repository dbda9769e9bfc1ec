using System.Net;

namespace CustomExecutor.Core.Builder.Diagnosis;

/// <summary>A builder that was not ready in time: what it waited for last.</summary>
public static class LateStart
{
    /// <summary>The sentence, with what can be done about the wait on the lines below it.</summary>
    /// <param name="timeout">How long the start was allowed to take.</param>
    /// <param name="last">The last diagnosis; null if there was none.</param>
    /// <param name="until">What is waited for in a job's pod whose containers run, as it follows "it waited"; null for
    /// a builder's address.</param>
    public static string Sentence(TimeSpan timeout, PodDiagnosis? last, string? until = null)
    {
        var (reason, remedy, trouble) = last switch
        {
            PodDiagnosis.Waiting waiting => (waiting.Reason, waiting.Remedy, null),
            PodDiagnosis.Running running when until is not null => (until, null, running.Trouble),
            PodDiagnosis.Running { Connection: { } met } running => (
                $"for BuildKit to answer at {Url(running)} ({met.Problem})",
                met.Listens ? null : "The runner has no route to pod addresses, or a NetworkPolicy forbids it.",
                running.Trouble
            ),
            PodDiagnosis.Running running => ($"for BuildKit to answer at {Url(running)}", null, running.Trouble),
            _ => ("for a node", null, null),
        };
        var what = until is null ? "The builder" : "The job's pod";
        return $"{what} was not ready within {timeout.TotalSeconds:0} s (builder.prepareTimeoutSeconds): it "
            + $"waited {reason}."
            + (remedy is null ? "" : $"\n{remedy}")
            + (trouble is null ? "" : $"\n{trouble}");
    }

    private static string Url(PodDiagnosis.Running running) =>
        new BuilderEndpoint(IPAddress.Parse(running.PodIp), "").Url;
}
