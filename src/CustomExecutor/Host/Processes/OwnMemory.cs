using CustomExecutor.Host.Native;

namespace CustomExecutor.Host.Processes;

/// <summary>Keeps this process's memory, which holds the cluster's and the job's credentials, out of files and from
/// other processes of its user.</summary>
internal static class OwnMemory
{
    /// <summary>
    /// From now on neither this process nor what it starts writes a core file: another job could read it. The hard
    /// limit can't be raised again without privileges. A handler that <c>kernel.core_pattern</c> names is started
    /// whatever the limit, so this process is also made not dumpable, which closes its <c>/proc</c> files as well. A
    /// program that it starts is dumpable again (<c>execve</c>).
    /// </summary>
    public static void Protect()
    {
        _ = ResourceLimits.Set(ResourceLimits.CoreFile, default);
        _ = ChildProcessNative.ProcessControl(ResourceLimits.SetDumpable, 0, 0, 0, 0);
    }
}
