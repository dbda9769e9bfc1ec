using System.Text.Json;
using System.Text.Json.Nodes;
using CustomExecutor.Core.Settings;

namespace CustomExecutor.Core.Tests.Settings;

public sealed class EveryKeySpecs
{
    private static readonly JsonDocumentOptions Commented = new() { CommentHandling = JsonCommentHandling.Skip };

    [Fact]
    public void A_value_that_is_not_the_default_is_read_as_it_stands_and_all_others_stay()
    {
        var read = new List<string>();
        foreach (var path in Leaves(Example(), []))
        {
            var changed = Example();
            var section = path[..^1].Aggregate((JsonNode)changed, (node, key) => node[key]!);
            section[path[^1]] = Other(section[path[^1]]);
            try
            {
                var settings = SettingsReader.Read(changed.ToJsonString(), "settings.json");
                JsonNode
                    .DeepEquals(JsonSerializer.SerializeToNode(settings, SettingsJson.Default.DriverSettings), changed)
                    .Should()
                    .BeTrue(string.Join('.', path));
                read.Add(string.Join('.', path));
            }
            catch (DriverException)
            {
                // The settings' rules refuse this value.
            }
        }

        read.Should().HaveCountGreaterThan(20).And.Contain(["kubernetes.namespace", "gc.sweepOnPrepare", "log.path"]);
    }

    private static JsonObject Example() =>
        JsonNode
            .Parse(File.ReadAllText(RepositoryFile.PathOf(ConfigFiles.Example)), documentOptions: Commented)!
            .AsObject();

    private static IEnumerable<string[]> Leaves(JsonObject section, string[] path) =>
        section.SelectMany(member =>
            member.Value is JsonObject { Count: > 0 } inner
                ? Leaves(inner, [.. path, member.Key])
                : [(string[])[.. path, member.Key]]
        );

    /// <summary>Another value of the same kind, which the settings' rules refuse for some keys.</summary>
    private static JsonNode? Other(JsonNode? value) =>
        value switch
        {
            null => "/other",
            JsonArray => new JsonArray("/other"),
            JsonObject => new JsonObject { ["other"] = "other" },
            _ => value.GetValueKind() switch
            {
                JsonValueKind.True => false,
                JsonValueKind.False => true,
                JsonValueKind.Number => value.GetValue<int>() + 1,
                _ => value.GetValue<string>().StartsWith('/') ? "/var/lib/other" : "other",
            },
        };
}
