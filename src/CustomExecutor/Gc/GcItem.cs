using CustomExecutor.Core;

namespace CustomExecutor.Gc;

/// <summary>One of the things that gc looks at.</summary>
internal static class GcItem
{
    /// <summary>Does the work on it. Whatever goes wrong is a problem of this item: the next ones have their
    /// turn.</summary>
    /// <param name="report">Takes the problem.</param>
    /// <param name="what">The item, for people.</param>
    /// <param name="work">What is done.</param>
    public static void Collect(GcReport report, string what, Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            report.Problem(ProblemOf(what, e));
        }
    }

    /// <inheritdoc cref="Collect(GcReport, string, Action)"/>
    public static async Task Collect(GcReport report, string what, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            report.Problem(ProblemOf(what, e));
        }
    }

    private static DriverException ProblemOf(string what, Exception e) =>
        e as DriverException
        ?? new DriverException($"{DisplayText.Of(what)}: {e.GetType().Name}: {DisplayText.Of(e.Message)}", inner: e);
}
