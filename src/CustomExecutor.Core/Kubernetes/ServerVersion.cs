using System.Globalization;

namespace CustomExecutor.Core.Kubernetes;

/// <summary>The API server's version, which decides the fields that it supports.</summary>
public sealed record ServerVersion(int Major, int Minor)
{
    /// <summary>Whether a pod may have <c>appArmorProfile</c>. Older servers only know the annotation.</summary>
    public bool HasAppArmorField => this is { Major: > 1 } or { Major: 1, Minor: >= 30 };

    /// <summary>Parses the answer of <c>/version</c>. Some vendors use minor versions like "29+".</summary>
    public static ServerVersion Parse(string major, string minor) => new(Number(major), Number(minor));

    private static int Number(string text)
    {
        var digits = new string([.. text.TakeWhile(char.IsAsciiDigit)]);
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }
}
