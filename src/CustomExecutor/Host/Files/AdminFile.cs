using CustomExecutor.Core;
using CustomExecutor.Core.Settings;

namespace CustomExecutor.Host.Files;

/// <summary>Finds and reads the admin's files.</summary>
internal static class AdminFile
{
    /// <summary>
    /// Loads the settings from the file of <c>--settings</c>, otherwise of <c>CUSTOM_EXECUTOR_SETTINGS</c>, otherwise
    /// from the default path. If there is no file, it returns the built-in defaults.
    /// </summary>
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

    /// <summary>
    /// Finds the settings file, and the option or variable that names it; null for the built-in defaults.
    /// </summary>
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

    /// <summary>Reads a file that the admin specified.</summary>
    /// <param name="path">The file's path.</param>
    /// <param name="key">The setting or option that names it, for the message.</param>
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
