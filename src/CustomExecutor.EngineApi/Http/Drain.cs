namespace CustomExecutor.EngineApi.Http;

/// <summary>
/// Reads what a client still sends, so that it reads the answer. A client that sends without end is cut off.
/// </summary>
internal static class Drain
{
    private const long MostBytes = 64L * 1024 * 1024 * 1024;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    public static async Task Run(Stream body, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Longest);
        var piece = new byte[64 * 1024];
        try
        {
            for (var read = 0L; read < MostBytes; )
            {
                var got = await body.ReadAsync(piece, patience.Token);
                if (got == 0)
                    return;
                read += got;
            }
        }
        catch (Exception e)
            when (e is IOException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            // The answer goes out all the same; the server closes the connection behind it.
        }
    }
}
