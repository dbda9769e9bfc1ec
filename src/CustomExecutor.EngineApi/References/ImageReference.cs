using CustomExecutor.Core;
using CustomExecutor.EngineApi.Faults;

namespace CustomExecutor.EngineApi.References;

/// <summary>
/// An image's name as docker understands it (<c>distribution/reference</c>, <c>normalize.go</c> and <c>regexp.go</c>).
/// </summary>
/// <param name="Domain">The registry, such as <c>docker.io</c> or <c>localhost:5000</c>.</param>
/// <param name="Path">The repository in it, such as <c>library/busybox</c>.</param>
/// <param name="Tag">The tag, or null.</param>
/// <param name="Digest">The digest, or null.</param>
public sealed record ImageReference(string Domain, string Path, string? Tag, Digest? Digest)
{
    private const string DockerHub = "docker.io";

    /// <summary>The name without tag and digest, in full.</summary>
    public string Repository => $"{Domain}/{Path}";

    /// <summary>The name without tag and digest, as docker shows it.</summary>
    public string FamiliarRepository
    {
        get
        {
            if (Domain != DockerHub)
                return Repository;
            return Path.StartsWith("library/", StringComparison.Ordinal) && Path.IndexOf('/', 8) < 0 ? Path[8..] : Path;
        }
    }

    /// <summary>The whole name as docker shows it: <c>busybox:1</c>, <c>localhost:5000/a@sha256:...</c>.</summary>
    public string Familiar => FamiliarRepository + Suffix;

    private string Suffix => (Tag is null ? "" : $":{Tag}") + (Digest is { } digest ? $"@{digest}" : "");

    /// <summary>The reference, with <c>latest</c> where it has neither tag nor digest.</summary>
    public ImageReference WithDefaultTag() => Tag is null && Digest is null ? this with { Tag = "latest" } : this;

    /// <summary>Reads a name.</summary>
    /// <exception cref="EngineException">It is none; the message is docker's own.</exception>
    public static ImageReference Parse(string text) =>
        TryParse(text, out var error)
        ?? throw EngineException.Invalid(
            $"invalid reference format: {error} (the name was \"{DisplayText.Of(text, 300)}\")"
        );

    /// <summary>Reads a name; null and why if it is none.</summary>
    public static ImageReference? TryParse(string text, out string error)
    {
        error = "";
        if (ReferenceGrammar.IsIdentifier(text))
        {
            error = "a name can't be 64 hexadecimal digits";
            return null;
        }

        var (domain, rest) = SplitDomain(text);
        var at = rest.IndexOf('@', StringComparison.Ordinal);
        var (named, digestText) = at < 0 ? (rest, null) : (rest[..at], rest[(at + 1)..]);
        var colon = named.IndexOf(':', StringComparison.Ordinal);
        var (path, tag) = colon < 0 ? (named, null) : (named[..colon], named[(colon + 1)..]);
        Digest? digest = null;
        if (digestText is not null)
        {
            if (!References.Digest.TryParse(digestText, out var parsed))
            {
                error = "a digest is \"sha256:\" and 64 hexadecimal digits";
                return null;
            }

            digest = parsed;
        }

        error = ReferenceGrammar.Mistake(domain, path, tag);
        return error.Length > 0 ? null : new ImageReference(domain, path, tag, digest);
    }

    /// <summary>
    /// What stands before the first slash is a registry if it can be no path, or is <c>localhost</c>.
    /// </summary>
    private static (string Domain, string Remainder) SplitDomain(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : text[..slash];
        if (
            slash < 0
            || !(first.AsSpan().ContainsAny('.', ':') || first == "localhost" || first.Any(char.IsAsciiLetterUpper))
        )
        {
            return (DockerHub, WithLibrary(text));
        }

        var rest = text[(slash + 1)..];
        return first is DockerHub or "index.docker.io" ? (DockerHub, WithLibrary(rest)) : (first, rest);
    }

    private static string WithLibrary(string rest) =>
        rest.Contains('/', StringComparison.Ordinal) ? rest : "library/" + rest;
}
