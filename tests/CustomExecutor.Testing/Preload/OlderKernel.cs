using CustomExecutor.Commands.Try;
using CustomExecutor.Testing.Jobs;

namespace CustomExecutor.Testing.Preload;

/// <summary>Drivers that find the Landlock of an older kernel: a small library that is preloaded answers for it
/// (olderkernel.c).</summary>
public sealed class OlderKernel : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();

    private string Library => Path.Combine(_directory.Path, "olderkernel.so");

    public async ValueTask InitializeAsync() => await PreloadedLibrary.Make("olderkernel.c", Library);

    /// <summary>A runner on a host whose kernel has this ABI; 0 for one without Landlock.</summary>
    internal PlayedRunner Runner(RunnerHost host, int abi) =>
        host.Runner with
        {
            Driver = _directory.WriteExecutable(
                $"abi-{abi}",
                $"""
                #!/bin/bash
                export LD_PRELOAD={Library} LANDLOCK_ABI={abi}
                exec {RunnerHost.Driver} "$@"

                """
            ),
        };

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }
}
