using System.Threading.Channels;
using CustomExecutor.Core.Builder.Diagnosis;

namespace CustomExecutor.Builder;

/// <summary>The changes of one builder in one order: several writers, one reader. A fault of a writer is thrown to the
/// reader, behind the changes that were written before it.</summary>
internal sealed class BuilderChanges : IAsyncDisposable
{
    private readonly Channel<BuilderChange> _channel = Channel.CreateUnbounded<BuilderChange>(
        new UnboundedChannelOptions { SingleReader = true }
    );
    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _writers = [];

    /// <summary>Starts a writer. It ends in its own time, or when the reader has read enough.</summary>
    public void WriteBy(Func<ChannelWriter<BuilderChange>, CancellationToken, Task> writer) =>
        _writers.Add(Run(writer));

    /// <summary>Starts what finds out one thing.</summary>
    public void WriteBy(Func<CancellationToken, Task<BuilderChange>> find) =>
        WriteBy(async (changes, end) => changes.TryWrite(await find(end)));

    /// <summary>The changes as they are written.</summary>
    public IAsyncEnumerable<BuilderChange> Read(CancellationToken cancel) => _channel.Reader.ReadAllAsync(cancel);

    /// <summary>Ends the writers.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_writers);
        _end.Dispose();
    }

    private async Task Run(Func<ChannelWriter<BuilderChange>, CancellationToken, Task> writer)
    {
        try
        {
            await writer(_channel.Writer, _end.Token);
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The reader has read enough.
        }
        catch (Exception e)
        {
            _channel.Writer.TryComplete(e);
        }
    }
}
