using System.Text.Json.Nodes;

namespace CustomExecutor.Testing.Faults;

/// <summary>An answer of the real server with one value in it replaced.</summary>
internal static class EditedAnswer
{
    public static string Of(string text, Fault.Edited edit)
    {
        var answer = JsonNode.Parse(text)!.AsObject();
        var place =
            answer["items"] is JsonArray { Count: > 0 } items ? items[0]!
            : answer["object"] is JsonObject watched ? watched
            : answer;
        // As text: nodes can't hold a number that no type of .NET's can.
        const string mark = "\"-- the place --\"";
        string[] names = edit.Path.Split('.');
        foreach (var name in names[..^1])
        {
            if (int.TryParse(name, out var index))
                place = place is JsonArray array && array.Count > index ? array[index]! : new JsonObject();
            else
                place = place[name] as JsonNode ?? (place[name] = new JsonObject());
        }

        place[names[^1]] = JsonNode.Parse(mark);
        return answer.ToJsonString().Replace(mark, edit.Json, StringComparison.Ordinal);
    }
}
