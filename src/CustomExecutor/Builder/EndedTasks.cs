using CustomExecutor.Core;

namespace CustomExecutor.Builder;

/// <summary>Waits for tasks whose results nobody needs any more.</summary>
internal static class EndedTasks
{
    /// <summary>Returns once all have ended. What they throw is of no consequence, but an exception that no code
    /// expects is recorded.</summary>
    /// <param name="tasks">The tasks.</param>
    public static async Task Observe(params Task[] tasks)
    {
        foreach (var task in tasks)
        {
            try
            {
                await task;
            }
            catch (Exception e)
            {
                if (e is not (DriverException or OperationCanceledException))
                    InternalError.Record(e);
            }
        }
    }
}
