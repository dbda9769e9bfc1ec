using CustomExecutor.Commands.Try;

namespace CustomExecutor.Testing.Jobs;

/// <summary>A job that is ready to run scripts, shared by the specs of one class: a script leaves nothing that another
/// one's spec would notice.</summary>
public sealed class PreparedJob : IAsyncLifetime
{
    internal Bench Bench { get; private set; } = null!;

    internal JobAttempt Attempt { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Bench = await Bench.Create();
        Attempt = await Bench.Ready(new PlayedJob { Id = 4711, Variables = [new("MY_VARIABLE", "the author's")] });
    }

    public ValueTask DisposeAsync() => Bench.DisposeAsync();
}
