using System.Text.RegularExpressions;
using CustomExecutor.EngineApi.Faults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CustomExecutor.EngineApi.Http;

/// <summary>A call of docker's API.</summary>
/// <param name="Method">HEAD counts as GET.</param>
/// <param name="Path">Without the version, decoded, without the first slash. Hostile text.</param>
/// <param name="Context">The request.</param>
internal sealed partial record ApiRequest(string Method, string Path, HttpContext Context)
{
    /// <summary>Ends when the client goes or the program is told to end.</summary>
    public CancellationToken Cancellation => Context.RequestAborted;

    /// <summary>
    /// Reads a request. Names contain slashes, which some clients encode: so the path is decoded from the request's
    /// own line.
    /// </summary>
    public static ApiRequest Of(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var path = Uri.UnescapeDataString(target.Split('?')[0]).TrimStart('/');
        var method = HttpMethods.IsHead(context.Request.Method) ? HttpMethods.Get : context.Request.Method;
        return new ApiRequest(method, Version().Replace(path, ""), context);
    }

    /// <summary>A query's value; null where it is absent or empty.</summary>
    public string? Query(string name) =>
        Context.Request.Query[name].FirstOrDefault() is { Length: > 0 } value ? value : null;

    /// <summary>A query's flag, as Go's handlers read it.</summary>
    public bool Flag(string name) => Query(name) is { } value && value is not ("0" or "no" or "false" or "none");

    /// <summary>The path's middle for <c>PREFIX/{name}/SUFFIX</c>, or null if it has another form.</summary>
    public string? Between(string prefix, string suffix) =>
        Path.Length > prefix.Length + suffix.Length
        && Path.StartsWith(prefix, StringComparison.Ordinal)
        && Path.EndsWith(suffix, StringComparison.Ordinal)
            ? Path[prefix.Length..^suffix.Length]
            : null;

    /// <summary>Reads a small body.</summary>
    /// <exception cref="EngineException">It is longer than 64 KiB.</exception>
    public async Task<byte[]> ReadBody()
    {
        var body = new byte[64 * 1024 + 1];
        var read = await Context.Request.Body.ReadAtLeastAsync(
            body,
            body.Length,
            throwOnEndOfStream: false,
            Cancellation
        );
        return read < body.Length
            ? body[..read]
            : throw EngineException.Invalid("the request's body is longer than 64 KiB");
    }

    [GeneratedRegex(@"^v[0-9]{1,2}\.[0-9]{1,3}(?=/)/+")]
    private static partial Regex Version();
}
