using System.Runtime.InteropServices;
using CustomExecutor.Core;
using static CustomExecutor.Host.Native.ChildProcessNative;

namespace CustomExecutor.Host.Processes;

/// <summary>Starts children one after the other, each in its sandbox.</summary>
/// <remarks>
/// A child is cloned from the thread that calls and so inherits what confines that. A thread of its own is confined for
/// it and ends, and the rest of this process keeps its rights.
/// </remarks>
internal static class ChildProcessLaunch
{
    /// <summary>Starts them. One thread starts all, so the sandbox of each lies within the sandboxes of those before
    /// it.</summary>
    /// <returns>Their process ids.</returns>
    /// <exception cref="DriverException">One can't be confined or started; those before it run.</exception>
    public static int[] Run(IReadOnlyList<ChildProcessStart> starts)
    {
        var spawns = new ChildProcessSpawn[starts.Count];
        try
        {
            for (var i = 0; i < spawns.Length; i++)
                spawns[i] = new ChildProcessSpawn(starts[i]);
            // .NET opens everything close-on-exec; this is for what our own parent let us inherit. A kernel before 5.11
            // lacks it.
            _ = CloseRange(CloseRangeCall, 3, uint.MaxValue, CloseRangeOnExec);
            if (starts.Any(start => start.Sandbox is not null))
            {
                Confined([.. starts], spawns);
            }
            else
            {
                foreach (var spawn in spawns)
                    spawn.Require(spawn.Run());
            }

            return [.. spawns.Select(spawn => spawn.Id)];
        }
        finally
        {
            foreach (var spawn in spawns)
                spawn?.Dispose();
        }
    }

    private static void Confined(ChildProcessStart[] starts, ChildProcessSpawn[] spawns)
    {
        var (reached, refused, error) = (0, 0, 0);
        var thread = new Thread(
            () =>
            {
                // Nothing here allocates memory: for that .NET might signal its other threads, which a confined thread
                // may not do on some kernels.
                for (; reached < starts.Length; reached++)
                {
                    if ((refused = starts[reached].Sandbox?.RestrictCallingThread() ?? 0) != 0)
                        return;
                    if ((error = spawns[reached].Run()) != 0)
                        return;
                }
            },
            maxStackSize: 256 * 1024
        )
        {
            Name = "confined",
        };
        thread.Start();
        thread.Join();
        if (refused != 0)
        {
            throw new DriverException(
                $"The script can't be confined ({Marshal.GetPInvokeErrorMessage(refused)}), so it was not started. "
                    + "scriptSandbox.mode \"never\" in the settings lets scripts run unconfined."
            );
        }

        if (error != 0)
            spawns[reached].Require(error);
    }
}
