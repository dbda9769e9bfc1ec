using System.Globalization;

namespace CustomExecutor.Core.Kubernetes;

/// <summary>
/// Kubernetes' quantities, by the API server's grammar. The client library's <c>ResourceQuantity</c> is too lenient: it
/// reads "1,5" as 15, accepts "4 Gi" and "1/2", and throws four kinds of exceptions. It reads every quantity that is
/// accepted here with the same value.
/// </summary>
internal static class Quantity
{
    /// <summary>The server's largest quantity.</summary>
    private const decimal Greatest = long.MaxValue;

    /// <summary>The value in cores, bytes or pieces; null if it is not a quantity or exceeds 2^63-1.</summary>
    public static decimal? Parse(string text)
    {
        var sign = text.StartsWith('-') ? -1 : 1;
        var unsigned = text[(text.StartsWith('-') || text.StartsWith('+') ? 1 : 0)..];
        var number = string.Concat(unsigned.TakeWhile(c => char.IsAsciiDigit(c) || c == '.'));
        // A decimal holds 28 digits.
        if (
            number.Length > 28
            || !decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
        )
        {
            return null;
        }

        return Scale(unsigned[number.Length..]) is { } scale && value <= Greatest / scale ? sign * value * scale : null;
    }

    private static decimal? Scale(string suffix) =>
        suffix switch
        {
            "" => 1m,
            "n" => 0.000_000_001m,
            "u" => 0.000_001m,
            "m" => 0.001m,
            "k" => 1_000m,
            "M" => 1_000_000m,
            "G" => 1_000_000_000m,
            "T" => 1_000_000_000_000m,
            "P" => 1_000_000_000_000_000m,
            "E" => 1_000_000_000_000_000_000m,
            "Ki" => 1L << 10,
            "Mi" => 1L << 20,
            "Gi" => 1L << 30,
            "Ti" => 1L << 40,
            "Pi" => 1L << 50,
            "Ei" => 1L << 60,
            ['e' or 'E', .. var exponent] => Power(exponent),
            _ => null,
        };

    private static decimal? Power(string exponent)
    {
        // From the server's smallest unit, a billionth, to its largest value.
        if (
            !int.TryParse(exponent, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var power)
            || power is < -9 or > 18
        )
        {
            return null;
        }

        var scale = 1m;
        for (; power > 0; power--)
            scale *= 10;
        for (; power < 0; power++)
            scale /= 10;
        return scale;
    }
}
