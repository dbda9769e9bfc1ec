namespace CustomExecutor.Core.Kubernetes;

/// <summary>
/// A DNS label (RFC 1123). Kubernetes requires one as a namespace's name, and builder names are DNS labels too.
/// </summary>
public static class DnsLabel
{
    private const int Longest = 63;

    /// <summary>
    /// Whether the text is 1 to 63 lower-case letters, digits and inner hyphens. Such text cannot change the meaning of
    /// a path or a URL.
    /// </summary>
    public static bool IsOne(string? text) =>
        text is { Length: > 0 and <= Longest }
        && text[0] != '-'
        && text[^1] != '-'
        && text.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');
}
