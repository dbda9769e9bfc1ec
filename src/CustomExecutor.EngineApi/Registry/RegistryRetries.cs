using CustomExecutor.EngineApi.Faults;

namespace CustomExecutor.EngineApi.Registry;

/// <summary>Repeats what failed for a reason that passes: broken connections, and answers that say so.</summary>
internal static class RegistryRetries
{
    private static readonly TimeSpan[] Delays = [.. new[] { 0.5, 1, 2, 4 }.Select(TimeSpan.FromSeconds)];

    /// <exception cref="EngineException">It failed for good, or too often.</exception>
    public static async Task<T> Run<T>(string host, Func<Task<T>> work, CancellationToken cancellation)
    {
        for (var failures = 0; ; failures++)
        {
            try
            {
                return await work();
            }
            catch (Exception e) when (Passes(e, cancellation))
            {
                if (failures == Delays.Length)
                {
                    throw EngineException.Registry(
                        $"{host} can't be reached or does not work: {Reason(e)} (tried {failures + 1} times)"
                    );
                }

                await Task.Delay(Delays[failures], cancellation);
            }
        }
    }

    /// <summary>A cancellation that the client did not ask for is a registry that has stalled.</summary>
    private static bool Passes(Exception e, CancellationToken cancellation) =>
        e is HttpRequestException or IOException
        || (e is OperationCanceledException && !cancellation.IsCancellationRequested);

    private static string Reason(Exception e) =>
        e is OperationCanceledException ? "no data moved for minutes"
        : e.InnerException is { } inner ? $"{Core.DisplayText.Of(e.Message)} ({Core.DisplayText.Of(inner.Message)})"
        : Core.DisplayText.Of(e.Message);
}
