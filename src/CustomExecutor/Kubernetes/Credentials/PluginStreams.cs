namespace CustomExecutor.Kubernetes.Credentials;

/// <summary>Reads a plugin's output while it runs, because a plugin blocks when a pipe is full.</summary>
internal static class PluginStreams
{
    /// <summary>Reads the whole output; null if it is more than <paramref name="most"/> bytes.</summary>
    public static Task<byte[]?> ReadAll(Stream stream, int most) =>
        Task.Run(async () =>
        {
            using var all = new MemoryStream();
            var buffer = new byte[64 * 1024];
            while (await stream.ReadAsync(buffer) is var count and > 0)
            {
                // Excess output is also read, so that the plugin can end.
                if (all.Length <= most)
                    all.Write(buffer, 0, count);
            }

            return all.Length > most ? null : all.ToArray();
        });

    /// <summary>Reads the output and keeps the last bytes.</summary>
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
