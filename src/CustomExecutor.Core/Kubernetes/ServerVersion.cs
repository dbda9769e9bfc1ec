using System.Globalization;

namespace CustomExecutor.Core.Kubernetes;

/// <summary>The API server's version, which decides the fields that it supports.</summary>
public sealed record ServerVersion(int Major, int Minor)
{
    /// <summary>Whether a pod may say <c>appArmorProfile</c>; servers before know the annotation alone.</summary>
    public bool HasAppArmorField => IsAtLeast(30);

    /// <summary>Whether the server knows image volumes, though perhaps only with its feature gate <c>ImageVolume</c>.
    /// </summary>
    public bool KnowsImageVolumes => IsAtLeast(31);

    /// <summary>Whether image volumes are there without a gate.</summary>
    public bool HasImageVolumes => IsAtLeast(35);

    /// <summary>Parses the answer of <c>/version</c>. Some vendors use minor versions like "29+".</summary>
    public static ServerVersion Parse(string major, string minor) => new(Number(major), Number(minor));

    private bool IsAtLeast(int minor) => Major > 1 || (Major == 1 && Minor >= minor);

    private static int Number(string text)
    {
        var digits = new string([.. text.TakeWhile(char.IsAsciiDigit)]);
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }
}
