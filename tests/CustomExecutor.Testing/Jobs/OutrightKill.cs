using CustomExecutor.Commands.Try;

namespace CustomExecutor.Testing.Jobs;

/// <summary>Kills a prepare by SIGKILL without a SIGTERM before it, to which the driver might react in time.</summary>
internal sealed class OutrightKill
{
    private readonly string _order;

    /// <param name="runner">Whose driver is killed.</param>
    /// <param name="directory">A directory for its files.</param>
    public OutrightKill(PlayedRunner runner, string directory)
    {
        var name = Guid.NewGuid().ToString("N");
        _order = Path.Join(directory, $"kill-{name}");
        var killer = Path.Join(directory, $"killer-{name}");
        File.WriteAllText(
            killer,
            $"""
            [ "$4" = prepare ] || exec "$@"
            "$@" & driver=$!
            until [ -e {_order} ]; do sleep 0.02; done
            kill -KILL $driver; wait $driver; kill -KILL $$

            """
        );
        Runner = runner with { Driver = "/bin/bash", Arguments = [killer, runner.Driver, .. runner.Arguments] };
    }

    /// <summary>The runner whose prepare ends only by <see cref="Now"/>.</summary>
    public PlayedRunner Runner { get; }

    /// <summary>Kills it.</summary>
    public void Now() => File.WriteAllText(_order, "");
}
