using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using CustomExecutor.Core.Kubernetes.Kubeconfig;

namespace CustomExecutor.Core.Kubernetes.ExecPlugins;

/// <summary>What an exec plugin has printed: client-go's <c>ExecCredential</c> with a <c>status</c>. It holds secrets.</summary>
public sealed partial record ExecCredentialOutput
{
    /// <summary>The bearer token; null without one.</summary>
    public string? Token { get; init; }

    /// <summary>The client's certificate as PEM text; null without one.</summary>
    public string? ClientCertificate { get; init; }

    /// <summary>Its key as PEM text.</summary>
    public string? ClientKey { get; init; }

    /// <summary>When it expires; null if it does not say.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Reads it.</summary>
    /// <param name="output">The plugin's whole standard output.</param>
    /// <param name="apiVersion">The version that the kubeconfig asks for.</param>
    /// <exception cref="FormatException">It can't be used. The message ends a sentence about the plugin and quotes nothing of the output.</exception>
    public static ExecCredentialOutput Read(ReadOnlySpan<byte> output, string apiVersion)
    {
        if (output.Trim(" \t\r\n"u8).IsEmpty) throw new FormatException("printed nothing.");
        var reader = new Utf8JsonReader(output);
        JsonDocument? document = null;
        try
        {
            document = JsonDocument.ParseValue(ref reader);
            // Nothing may follow it.
            if (!reader.Read() && document.RootElement.ValueKind == JsonValueKind.Object) return ReadRoot(document.RootElement, apiVersion);
        }
        catch (JsonException)
        {
            // Its message would quote the output.
        }
        finally
        {
            document?.Dispose();
        }

        throw new FormatException("printed something that is not an ExecCredential object in JSON. Nothing else may be on its standard output.");
    }

    /// <summary>Without the secrets.</summary>
    public override string ToString() => nameof(ExecCredentialOutput);

    private static ExecCredentialOutput ReadRoot(JsonElement root, string apiVersion)
    {
        // client-go takes an object without a kind for one of the right kind.
        if (Text(root, "kind") is not (null or "ExecCredential")) throw new FormatException("printed an object whose kind is not ExecCredential.");
        if (Text(root, "apiVersion") != apiVersion)
            throw new FormatException($"printed an object whose apiVersion is not {apiVersion}, as exec.apiVersion in the kubeconfig asks for.");
        return root.TryGetProperty("status", out var status) && status.ValueKind == JsonValueKind.Object
            ? ReadStatus(status)
            : throw new FormatException("printed an object without a status.");
    }

    private static ExecCredentialOutput ReadStatus(JsonElement status)
    {
        var result = new ExecCredentialOutput
        {
            Token = Text(status, "token"),
            ClientCertificate = Text(status, "clientCertificateData"),
            ClientKey = Text(status, "clientKeyData"),
            Expires = Time(status),
        };
        if (result is { Token: null, ClientCertificate: null, ClientKey: null }) throw new FormatException("printed a status with neither a token nor a certificate.");
        if (result.ClientCertificate is null != result.ClientKey is null) throw new FormatException("printed a certificate without its key, or a key alone.");
        if (result.Token?.Any(c => c is not '\t' and (< ' ' or '\x7f')) == true)
            throw new FormatException("printed a token with a character that no HTTP header can hold.");
        if (result.ClientCertificate is { } certificate && CertificatePem.Mistake(certificate, result.ClientKey!) is { } mistake)
            throw new FormatException($"printed a {(mistake.InKey ? "clientKeyData" : "clientCertificateData")} that {mistake.Sentence}");
        return result;
    }

    private static string? Text(JsonElement from, string field)
    {
        if (!from.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind != JsonValueKind.String) throw new FormatException($"printed an object whose {field} is not text.");
        try
        {
            return value.GetString() is { Length: > 0 } text ? text : null;
        }
        catch (InvalidOperationException)
        {
            throw new FormatException($"printed an object whose {field} is not text in UTF-8.");
        }
    }

    /// <summary>RFC 3339, which always has a zone.</summary>
    private static DateTimeOffset? Time(JsonElement status)
    {
        if (Text(status, "expirationTimestamp") is not { } text) return null;
        const string pattern = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK";
        return DateTimeOffset.TryParseExact(BeyondTicks().Replace(text, "$1"), pattern, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new FormatException("printed an expirationTimestamp that is not a time of RFC 3339.");
    }

    /// <summary>.NET's time has 7 digits behind the second; RFC 3339 allows any number.</summary>
    [GeneratedRegex(@"(\.[0-9]{7})[0-9]+")]
    private static partial Regex BeyondTicks();
}
