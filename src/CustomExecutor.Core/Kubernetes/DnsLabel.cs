namespace CustomExecutor.Core.Kubernetes;

/// <summary>A DNS label (RFC 1123), which Kubernetes wants for the names of namespaces and which a builder's name is
/// too.</summary>
public static class DnsLabel
{
    private const int Longest = 63;

    /// <summary>Whether it is 1 to 63 lower-case letters, digits and inner hyphens: it can steer neither a path nor a
    /// URL elsewhere.</summary>
    public static bool IsOne(string? text) =>
        text is { Length: > 0 and <= Longest }
        && text[0] != '-'
        && text[^1] != '-'
        && text.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');
}
