using System.Runtime.InteropServices;
using CustomExecutor.Commands.Try;

namespace CustomExecutor.EndToEnd.Sandbox;

/// <summary>One thing that a hostile job tries.</summary>
/// <param name="Tries">What it is: "tries to ...".</param>
/// <param name="Command">bash that succeeds when it got through. See <see cref="TwoJobs"/> for the variables.</param>
internal sealed record HostileAttempt(string Tries, string Command)
{
    /// <summary>Whether it attaches to a process, which the kernel may be set to forbid anyway.</summary>
    public bool Attaches { get; init; }

    /// <summary>Whether it is after the memory or the files of a driver, which closes them to other processes of its
    /// user by itself.</summary>
    public bool OpensDriver { get; init; }

    /// <summary>Why it could not get through here with no sandbox at all either; null where it could.</summary>
    public string? Hindrance =>
        OpensDriver ? "The driver closes its own process, with and without the sandbox."
        : !Attaches ? null
        : RuntimeInformation.ProcessArchitecture != Architecture.X64
            ? "The numbers of the system calls are those of x86-64."
        : File.Exists("/proc/sys/kernel/yama/ptrace_scope")
        && File.ReadAllText("/proc/sys/kernel/yama/ptrace_scope") != "0\n"
            ? "kernel.yama.ptrace_scope forbids it to all here."
        : null;

    public static IReadOnlyList<HostileAttempt> All { get; } =
    [.. ReadingAttempts.All, .. WritingAttempts.All, .. ProcessAttempts.All];

    public static TheoryData<string> Names { get; } = [.. All.Select(attempt => attempt.Tries)];

    public static HostileAttempt Named(string tries) => All.Single(attempt => attempt.Tries == tries);

    /// <summary>bash that tries it and tells.</summary>
    public string Script => $"if (\n{Command}\n) 2>&1; then echo {Quoted(Through)}; else echo {Quoted(Refused)}; fi\n";

    /// <summary>What a log says where the attempt got through.</summary>
    public string Through => $"got through: {Tries}.";

    /// <summary>What a log says where it was made and did not.</summary>
    public string Refused => $"refused: {Tries}.";

    private static string Quoted(string text) => ScriptFile.Quote(text);
}
