using CustomExecutor.Core;
using CustomExecutor.Core.Settings;

namespace CustomExecutor.Host.Files;

/// <summary>Finds and reads the admin's files.</summary>
internal static class AdminFile
{
    /// <summary>The settings of <c>--settings</c>, else of <c>CUSTOM_EXECUTOR_SETTINGS</c>, else of the usual place,
    /// else the built-in defaults.</summary>
    /// <param name="option">What <c>--settings</c> says, or null.</param>
    /// <param name="variables">The driver's own environment.</param>
    /// <exception cref="DriverException">A file that was named is missing, or it has mistakes.</exception>
    public static DriverSettings Load(string? option, IReadOnlyDictionary<string, string> variables) =>
        Read(Find(option, variables));

    /// <summary>The settings of the file that <see cref="Find"/> has found, else the built-in defaults.</summary>
    /// <param name="found">What was found.</param>
    /// <exception cref="DriverException">The file is missing, or it has mistakes.</exception>
    public static DriverSettings Read((string Path, string Key)? found) =>
        found is var (path, key) ? SettingsReader.Read(Text(path, key), path) : new DriverSettings();

    /// <summary>Where the settings lie, and what says so; null if they are the built-in defaults.</summary>
    /// <param name="option">What <c>--settings</c> says, or null.</param>
    /// <param name="variables">The driver's own environment.</param>
    public static (string Path, string Key)? Find(string? option, IReadOnlyDictionary<string, string> variables)
    {
        if (option is not null)
            return (option, "--settings");
        if (variables.GetValueOrDefault(DriverSettings.PathVariable) is { Length: > 0 } path)
            return (path, DriverSettings.PathVariable);
        return File.Exists(DriverSettings.DefaultPath) ? (DriverSettings.DefaultPath, "settings") : null;
    }

    /// <summary>A file that the admin named.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="key">What named it, for the message.</param>
    /// <exception cref="DriverException">It can't be read.</exception>
    public static string Text(string path, string key)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new DriverException(
                $"{key}: the file {DisplayText.Of(path)} can't be read: {DisplayText.Of(e.Message)}",
                inner: e
            );
        }
    }
}
