using System.Text;
using CustomExecutor.Core.Kubernetes.Kubeconfig;

namespace CustomExecutor.Core.Kubernetes;

/// <summary>The headers of an impersonated request, as client-go writes them.</summary>
public static class ImpersonationHeaders
{
    /// <summary>RFC 7230's token characters without the percent sign, which client-go escapes too.</summary>
    private const string Unescaped = "!#$&'*+-.^_`|~";

    /// <summary>Names and values. A name may occur more than once.</summary>
    public static IEnumerable<(string Name, string Value)> Of(Impersonation impersonation)
    {
        yield return ("Impersonate-User", impersonation.User);
        if (impersonation.Uid is { Length: > 0 } uid)
            yield return ("Impersonate-Uid", uid);
        foreach (var group in impersonation.Groups)
            yield return ("Impersonate-Group", group);
        foreach (var (key, values) in impersonation.Extra)
        {
            foreach (var value in values)
                yield return ($"Impersonate-Extra-{Escape(key)}", value);
        }
    }

    /// <summary>Percent-encodes, byte by byte, characters that are not allowed in a header's name.</summary>
    private static string Escape(string key)
    {
        var escaped = new StringBuilder(key.Length);
        foreach (var b in Encoding.UTF8.GetBytes(key))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || Unescaped.Contains((char)b, StringComparison.Ordinal))
                escaped.Append((char)b);
            else
                escaped.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return escaped.ToString();
    }
}
