using System.Text.Json.Nodes;
using k8s;

namespace CustomExecutor.Core.Tests.Builder;

/// <summary>A part of a manifest as it goes to the API server, with its keys in order: a field too many shows as well
/// as one that lacks.</summary>
internal static class KubernetesJsonText
{
    public static string Sorted<T>(T part) => Sorted(JsonNode.Parse(KubernetesJson.Serialize(part)))!.ToJsonString();

    public static string Sorted<T>(IList<T> parts) => $"[{string.Join(',', parts.Select(p => Sorted<T>(p)))}]";

    private static JsonNode? Sorted(JsonNode? node) =>
        node switch
        {
            JsonObject fields => new JsonObject(
                fields
                    .OrderBy(f => f.Key, StringComparer.Ordinal)
                    .Select(f => KeyValuePair.Create(f.Key, Sorted(f.Value)))
            ),
            JsonArray items => new JsonArray([.. items.Select(Sorted)]),
            _ => node?.DeepClone(),
        };
}
