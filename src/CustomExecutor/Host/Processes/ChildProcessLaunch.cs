using System.Runtime.InteropServices;
using CustomExecutor.Core;
using static CustomExecutor.Host.Native.ChildProcessNative;

namespace CustomExecutor.Host.Processes;

/// <summary>Starts children one after the other, each in its sandbox.</summary>
/// <remarks>
/// A child is cloned from the calling thread and inherits its restrictions. So a separate thread is confined, starts
/// the children and ends; the other threads of this process keep their rights.
/// </remarks>
internal static class ChildProcessLaunch
{
    /// <summary>
    /// Starts the children. One thread starts all, so the sandbox of each is inside the sandboxes of the earlier ones.
    /// </summary>
    /// <returns>Their process ids.</returns>
    /// <exception cref="DriverException">One can't be confined or started. The earlier ones are running.</exception>
    public static int[] Run(IReadOnlyList<ChildProcessStart> starts)
    {
        var spawns = new ChildProcessSpawn[starts.Count];
        try
        {
            for (var i = 0; i < spawns.Length; i++)
                spawns[i] = new ChildProcessSpawn(starts[i]);
            // .NET opens all files close-on-exec. This call is for descriptors inherited from the parent process.
            // Kernels before 5.11 do not support it.
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
                // Nothing here allocates memory: .NET might then signal its other threads, which some kernels forbid a
                // confined thread.
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
                    + "To run scripts unconfined, set scriptSandbox.mode to \"never\" in the settings."
            );
        }

        if (error != 0)
            spawns[reached].Require(error);
    }
}
