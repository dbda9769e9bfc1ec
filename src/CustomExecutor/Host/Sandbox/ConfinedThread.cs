using System.Runtime.InteropServices;
using CustomExecutor.Core;

namespace CustomExecutor.Host.Sandbox;

/// <summary>A thread that is given up to try out a sandbox from within: what counts is what the kernel does, not what
/// versions promise.</summary>
internal static class ConfinedThread
{
    /// <summary>Confines a new thread and has it try something.</summary>
    /// <param name="sandbox">What confines it.</param>
    /// <param name="attempt">What it tries. It must allocate no memory (<see
    /// cref="Landlock.RestrictCallingThread"/>).</param>
    /// <exception cref="DriverException">The kernel does not confine the thread.</exception>
    public static void Run(Landlock sandbox, Action attempt)
    {
        var error = 0;
        var thread = new Thread(() =>
        {
            error = sandbox.RestrictCallingThread();
            if (error == 0)
                attempt();
        });
        thread.Start();
        thread.Join();
        if (error != 0)
            throw new DriverException($"Scripts can't be confined: {Marshal.GetPInvokeErrorMessage(error)}.");
    }
}
