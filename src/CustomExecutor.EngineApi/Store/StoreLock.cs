namespace CustomExecutor.EngineApi.Store;

/// <summary>
/// One program at a time has a store: opening one deletes what no image needs, and that may be what another program is
/// writing. The kernel gives the lock back when its program ends, however it ends.
/// </summary>
internal static class StoreLock
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Takes the lock; waits for a program that is ending.</summary>
    /// <param name="directory">The store.</param>
    /// <param name="isServed">Whether the other program serves what this one is to serve.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The lock; null where another program serves it.</returns>
    /// <exception cref="IOException">Another program keeps it.</exception>
    public static async Task<IDisposable?> Take(string directory, Func<bool> isServed, TimeProvider time)
    {
        Directory.CreateDirectory(directory);
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                // .NET locks such a file with flock(2).
                return new FileStream(
                    Path.Join(directory, "lock"),
                    FileMode.OpenOrCreate,
                    FileAccess.ReadWrite,
                    FileShare.None
                );
            }
            catch (IOException) when (time.GetElapsedTime(began) < Patience)
            {
                if (isServed())
                    return null;
                await Task.Delay(Interval, time);
            }
        }
    }
}
