using System.Reflection;

namespace CustomExecutor.Host;

/// <summary>The driver's version, for the job log and the API server's audit log.</summary>
internal static class DriverVersion
{
    /// <summary>The version, like <c>1.2.3</c>.</summary>
    public static string Text { get; } =
        typeof(DriverVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? "unknown";
}
