namespace CustomExecutor.Testing;

/// <summary>Waits for what has to come sooner or later; how long it took is never asserted.</summary>
internal static class Eventually
{
    private static readonly TimeSpan GracePeriods = TimeSpan.FromMinutes(2);

    public static Task True(Func<bool> condition, string what) => True(() => Task.FromResult(condition()), what);

    public static async Task True(Func<Task<bool>> condition, string what, TimeSpan? longest = null)
    {
        var time = longest ?? GracePeriods;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(time);
        while (!await condition())
        {
            if (patience.IsCancellationRequested)
                throw new TimeoutException($"It did not come about within {time.TotalSeconds:0} s that {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }
}
