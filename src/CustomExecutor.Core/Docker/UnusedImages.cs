using CustomExecutor.Core.Runner;

namespace CustomExecutor.Core.Docker;

/// <summary>The author's <c>image:</c> and <c>services:</c>, which scripts on the runner's host do not have.</summary>
public static class UnusedImages
{
    /// <summary>A line for the author; null where the job names neither.</summary>
    public static string? Notice(JobContext job)
    {
        const int shown = 3;
        List<string> unused = [];
        if (job.Image?.Name is { } image)
            unused.Add($"image {DisplayText.Of(image, 100)}");
        if (job.Services.Count > 0)
        {
            var names = string.Join(
                ", ",
                job.Services.Take(shown).Select(service => DisplayText.Of(service.Name!, 100))
            );
            unused.Add(
                $"{(job.Services.Count == 1 ? "service" : "services")} "
                    + $"{names}{(job.Services.Count > shown ? $" and {job.Services.Count - shown} more" : "")}"
            );
        }

        return unused.Count == 0
            ? null
            : $"Not used: {string.Join(", ", unused)}. On this runner a job's script runs with bash on the "
                + "runner's host, with the programs installed there."
                + " Use a Dockerfile's RUN steps for what needs another image, or a runner with the docker or "
                + "kubernetes executor.";
    }
}
