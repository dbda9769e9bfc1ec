using CustomExecutor.Core.Runner;

namespace CustomExecutor.Core.Docker;

/// <summary>
/// The author's <c>image:</c> and <c>services:</c>, which have no effect if scripts run on the runner's host.
/// </summary>
public static class UnusedImages
{
    /// <summary>A line for the author; null if the job has neither.</summary>
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
            : $"Not used: {string.Join(", ", unused)}. On this runner, scripts run with bash on the runner's host "
                + "and use the programs installed there. If a command needs another image, put it into a RUN step "
                + "of a Dockerfile, or use a runner with the docker or kubernetes executor.";
    }
}
