using CustomExecutor.Host.Native;

namespace CustomExecutor.Host.Processes;

/// <summary>
/// Protects this process's memory, which contains the cluster's and the job's credentials, from core files and from
/// other processes of the same user.
/// </summary>
internal static class OwnMemory
{
    /// <summary>
    /// Prevents core files of this process and its children, which another job could read. The hard limit can't be
    /// raised again without privileges. A handler in <c>kernel.core_pattern</c> runs regardless of the limit, so this
    /// process is also made not dumpable, which closes its <c>/proc</c> files too. Its children are dumpable again
    /// (<c>execve</c>).
    /// </summary>
    public static void Protect()
    {
        _ = ResourceLimits.Set(ResourceLimits.CoreFile, default);
        _ = ChildProcessNative.ProcessControl(ResourceLimits.SetDumpable, 0, 0, 0, 0);
    }
}
