using CustomExecutor.Core.Settings;

namespace CustomExecutor.Core.Tests.Settings;

/// <summary>Settings texts as tests write them: like a file's, with ' for ".</summary>
internal static class SettingsText
{
    /// <summary>The settings of a text that has no mistake.</summary>
    public static DriverSettings Read(string text) => SettingsReader.Read(text.Replace('\'', '"'), "settings.json");

    /// <summary>The mistakes of a text that has some, a line each.</summary>
    public static IReadOnlyList<string> MistakesOf(string text)
    {
        var lines = MessageOf(text).Split('\n');
        lines[0]
            .Should()
            .Be(
                lines.Length == 2
                    ? "The settings file settings.json has a mistake:"
                    : $"The settings file settings.json has {lines.Length - 1} mistakes:"
            );
        return [.. lines.Skip(1).Select(line => line.Trim())];
    }

    /// <summary>The whole message about a text that can't be read or has mistakes.</summary>
    public static string MessageOf(string text)
    {
        var read = () => Read(text);
        return read.Should().Throw<DriverException>().Which.Message;
    }
}
