using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CustomExecutor.Core.Kubernetes.Kubeconfig;
using CustomExecutor.Core.Kubernetes.Yaml;

namespace CustomExecutor.Core.Kubernetes.ExecPlugins;

/// <summary>
/// The output of an exec plugin: client-go's <c>ExecCredential</c> with a <c>status</c>. It contains secrets.
/// </summary>
public sealed partial record ExecCredentialOutput
{
    /// <summary>The bearer token; null without one.</summary>
    public string? Token { get; init; }

    /// <summary>The client's certificate as PEM text; null without one.</summary>
    public string? ClientCertificate { get; init; }

    /// <summary>Its key as PEM text.</summary>
    public string? ClientKey { get; init; }

    /// <summary>When it expires; null if not specified.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Parses the output.</summary>
    /// <param name="output">The plugin's whole standard output.</param>
    /// <param name="apiVersion">The version that the kubeconfig specifies.</param>
    /// <exception cref="FormatException">
    /// It can't be used. The message is the end of a sentence about the plugin and quotes nothing from the output.
    /// </exception>
    public static ExecCredentialOutput Read(ReadOnlySpan<byte> output, string apiVersion)
    {
        if (output.Trim(" \t\r\n"u8).IsEmpty)
            throw new FormatException("printed nothing.");
        if (Parse(output) is not JsonObject root)
        {
            throw new FormatException(
                "printed something that is not an ExecCredential object in JSON. Nothing else may be on its "
                    + "standard output."
            );
        }
        // client-go accepts an object without a kind.
        if (Text(root, "kind") is { } kind and not "ExecCredential")
            throw new FormatException("printed an object whose kind is not ExecCredential.");
        if (Text(root, "apiVersion") != apiVersion)
        {
            throw new FormatException(
                $"printed an object whose apiVersion is not {apiVersion}, as exec.apiVersion in the kubeconfig "
                    + "asks for."
            );
        }

        if (root["status"] is not JsonObject status)
            throw new FormatException("printed an object without a status.");
        return Read(status);
    }

    /// <summary>Omits the secrets.</summary>
    public override string ToString() => nameof(ExecCredentialOutput);

    private static ExecCredentialOutput Read(JsonObject status)
    {
        var result = new ExecCredentialOutput
        {
            Token = Text(status, "token"),
            ClientCertificate = Text(status, "clientCertificateData"),
            ClientKey = Text(status, "clientKeyData"),
            Expires = Time(status),
        };
        if (result is { Token: null, ClientCertificate: null, ClientKey: null })
            throw new FormatException("printed a status with neither a token nor a certificate.");
        if (result.ClientCertificate is null != result.ClientKey is null)
            throw new FormatException("printed a certificate without its key, or a key alone.");
        if (result.Token?.Any(c => c is not '\t' and (< ' ' or '\x7f')) == true)
            throw new FormatException("printed a token with a character that is not allowed in an HTTP header.");
        if (
            result.ClientCertificate is { } certificate
            && CertificatePem.Mistake(certificate, result.ClientKey!) is { } mistake
        )
        {
            throw new FormatException(
                $"printed a {(mistake.InKey ? "clientKeyData" : "clientCertificateData")} that {mistake.Sentence}"
            );
        }

        return result;
    }

    /// <summary>
    /// JSON, or YAML, which client-go also accepts. By its rule, text that begins with a brace must be JSON.
    /// </summary>
    private static JsonNode? Parse(ReadOnlySpan<byte> output)
    {
        try
        {
            return JsonNode.Parse(
                output,
                documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }
            );
        }
        catch (JsonException) when (output.TrimStart(" \t\r\n"u8) is not [(byte)'{', ..])
        {
            // Perhaps it is YAML.
        }
        catch (JsonException)
        {
            return null;
        }

        try
        {
            return YamlDocument.Read(output);
        }
        catch (YamlSyntaxException)
        {
            return null;
        }
    }

    private static string? Text(JsonObject from, string field)
    {
        if (from[field] is not { } value)
            return null;
        if (value.GetValueKind() != JsonValueKind.String)
            throw new FormatException($"printed an object whose {field} is not text.");
        try
        {
            return value.GetValue<string>() is { Length: > 0 } text ? text : null;
        }
        catch (InvalidOperationException)
        {
            // An escaped unpaired surrogate.
            throw new FormatException($"printed an object whose {field} is not text in Unicode.");
        }
    }

    /// <summary>RFC 3339, which always has a zone.</summary>
    private static DateTimeOffset? Time(JsonObject status)
    {
        if (Text(status, "expirationTimestamp") is not { } text)
            return null;
        const string pattern = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK";
        return DateTimeOffset.TryParseExact(
            BeyondTicks().Replace(text, "$1"),
            pattern,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var time
        )
            ? time
            : throw new FormatException("printed an expirationTimestamp that is not an RFC 3339 time.");
    }

    /// <summary>.NET's time has 7 fractional digits; RFC 3339 allows any number.</summary>
    [GeneratedRegex(@"(\.[0-9]{7})[0-9]+")]
    private static partial Regex BeyondTicks();
}
