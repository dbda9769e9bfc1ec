using Microsoft.AspNetCore.Http;

namespace CustomExecutor.Testing.Faults;

/// <summary>One request as it reached the proxy.</summary>
/// <param name="Kind">What it asks for, without names: <c>POST pods</c>, <c>GET pod</c>, <c>WATCH events</c>.</param>
/// <param name="Number">Which of this kind it is, from 1 on.</param>
internal sealed record ApiCall(string Kind, int Number)
{
    /// <summary>The server's own answer, once it has given one; a fault may have kept it from the driver.</summary>
    public int? Answer { get; set; }

    /// <summary>What the proxy did to it.</summary>
    public Fault? Fault { get; set; }

    public bool IsWatch => Kind.StartsWith("WATCH", StringComparison.Ordinal);

    public override string ToString() =>
        $"{Kind} #{Number} -> {Answer?.ToString() ?? "not asked"}{(Fault is null ? "" : $" ({Fault})")}";

    public static string KindOf(HttpRequest request)
    {
        var parts = request.Path.Value!.Trim('/').Split('/');
        if (parts is not ["api", "v1", "namespaces", _, var resource, ..])
            return $"{request.Method} {parts[^1]}";
        var verb = request.Query["watch"] == "true" ? "WATCH" : request.Method;
        return $"{verb} {(parts.Length > 5 ? resource.TrimEnd('s') : resource)}";
    }
}
