using System.Runtime.InteropServices;
using CustomExecutor.Core;

namespace CustomExecutor.Host.Sandbox;

/// <summary>
/// A temporary thread that tests a sandbox from inside, because only the kernel's real behaviour counts, not its
/// version.
/// </summary>
internal static class ConfinedThread
{
    /// <summary>Confines a new thread and runs a test on it.</summary>
    /// <param name="sandbox">The sandbox.</param>
    /// <param name="attempt">
    /// The test. It must not allocate memory (<see cref="Landlock.RestrictCallingThread"/>).
    /// </param>
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
