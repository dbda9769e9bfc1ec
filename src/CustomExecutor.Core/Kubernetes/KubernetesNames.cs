namespace CustomExecutor.Core.Kubernetes;

/// <summary>The API server's rules for names (its <c>apimachinery/pkg/util/validation</c>).</summary>
internal static class KubernetesNames
{
    /// <summary>The rule of <see cref="IsDnsLabel"/>, for messages.</summary>
    public const string DnsLabel = "at most 63 lower-case letters, digits and -, with a letter or digit at both ends";

    /// <summary>The rule of <see cref="IsDnsName"/>, for messages.</summary>
    public const string DnsName =
        "at most 253 lower-case letters, digits, - and ., with a letter or digit at both ends of each part";

    /// <summary>The rule of <see cref="IsLabelValue"/>, for messages.</summary>
    public const string LabelValue = "at most 63 letters, digits, -, _ and ., with a letter or digit at both ends";

    /// <summary>The rule of <see cref="IsLabelKey"/>, for messages.</summary>
    public const string LabelKey = "a name of " + LabelValue + ", perhaps after a DNS name and a /";

    /// <summary>A namespace's name (RFC 1123 label).</summary>
    public static bool IsDnsLabel(string text) =>
        text.Length <= 63 && HasEnds(text) && text.All(c => IsLower(c) || c == '-');

    /// <summary>A secret's name (RFC 1123 subdomain).</summary>
    public static bool IsDnsName(string text) =>
        text.Length <= 253 && text.Split('.').All(part => HasEnds(part) && part.All(c => IsLower(c) || c == '-'));

    /// <summary>A label's value. Kubernetes also accepts an empty one.</summary>
    public static bool IsLabelValue(string text) =>
        text.Length <= 63 && HasEnds(text) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    /// <summary>A label's, a taint's or a resource's key (qualified name).</summary>
    public static bool IsLabelKey(string text) =>
        text.Split('/') switch
        {
            [var name] => IsLabelValue(name),
            [var prefix, var name] => IsDnsName(prefix) && IsLabelValue(name),
            _ => false,
        };

    private static bool HasEnds(string text) =>
        text.Length > 0 && char.IsAsciiLetterOrDigit(text[0]) && char.IsAsciiLetterOrDigit(text[^1]);

    private static bool IsLower(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c);
}
