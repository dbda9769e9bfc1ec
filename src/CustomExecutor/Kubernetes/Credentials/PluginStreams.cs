namespace CustomExecutor.Kubernetes.Credentials;

/// <summary>Reads what a plugin writes while it runs: one that fills a pipe waits for its reader.</summary>
internal static class PluginStreams
{
    /// <summary>All of it; null if it is more than <paramref name="most"/> bytes.</summary>
    public static Task<byte[]?> ReadAll(Stream stream, int most) =>
        Task.Run(async () =>
        {
            using var all = new MemoryStream();
            var buffer = new byte[64 * 1024];
            while (await stream.ReadAsync(buffer) is var count and > 0)
            {
                // What is too much is read as well, so that the plugin ends.
                if (all.Length <= most)
                    all.Write(buffer, 0, count);
            }

            return all.Length > most ? null : all.ToArray();
        });

    /// <summary>The last bytes of it.</summary>
    public static Task<byte[]> ReadTail(Stream stream, int most) =>
        Task.Run(async () =>
        {
            var tail = new List<byte>();
            var buffer = new byte[16 * 1024];
            while (await stream.ReadAsync(buffer) is var count and > 0)
            {
                tail.AddRange(buffer.AsSpan(0, count));
                if (tail.Count > most)
                    tail.RemoveRange(0, tail.Count - most);
            }

            return tail.ToArray();
        });
}
