using System.Runtime.CompilerServices;
using CustomExecutor.Core.Sandbox;
using CustomExecutor.Host.Sandbox;

namespace CustomExecutor.Testing;

/// <summary>A spec that takes a kernel with all that a sandbox is made of; elsewhere it is skipped, and says
/// so.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LandlockFactAttribute : FactAttribute
{
    public LandlockFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line) => Skip = Lacks;

    /// <summary>Why this kernel will not do, or null.</summary>
    internal static string? Lacks { get; } =
        Landlock.Version() is var (abi, absence) && abi >= LandlockRights.FullAbi
            ? null
            : $"This machine's kernel can't confine scripts in full: {absence ?? $"Landlock ABI {abi}"}.";
}

/// <summary>The same with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LandlockTheoryAttribute : TheoryAttribute
{
    public LandlockTheoryAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line) => Skip = LandlockFactAttribute.Lacks;
}
