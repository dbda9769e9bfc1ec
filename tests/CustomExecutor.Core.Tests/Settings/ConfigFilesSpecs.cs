using System.Text.Json;
using System.Text.Json.Nodes;
using CustomExecutor.Core.Settings;

namespace CustomExecutor.Core.Tests.Settings;

public sealed class ConfigFilesSpecs
{
    /// <summary>If it is 1, the tests write the files instead of comparing them.</summary>
    private const string UpdateVariable = "UPDATE_CONFIG";

    [Theory]
    [InlineData(ConfigFiles.Schema)]
    [InlineData(ConfigFiles.Example)]
    [InlineData(ConfigFiles.Reference)]
    public void The_file_matches_the_settings_types(string file)
    {
        var path = RepositoryFile.PathOf(file);
        var current = File.Exists(path) ? File.ReadAllText(path) : "";
        var expected = ConfigFiles.Create(file, current);
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            File.WriteAllText(path, expected);
            return;
        }

        const string reason =
            "{0} is made of the settings' types; after a change of theirs run {1}=1 dotnet test --project "
            + "tests/CustomExecutor.Core.Tests";
        current.Should().Be(expected, reason, file, UpdateVariable);
    }

    [Fact]
    public void The_example_read_as_settings_is_the_defaults()
    {
        var settings = SettingsReader.Read(
            File.ReadAllText(RepositoryFile.PathOf(ConfigFiles.Example)),
            ConfigFiles.Example
        );

        settings.Should().BeEquivalentTo(new DriverSettings { Schema = "./settings.schema.json" });
    }

    [Fact]
    public void The_example_contains_every_key()
    {
        var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip };
        var example = JsonNode.Parse(
            File.ReadAllText(RepositoryFile.PathOf(ConfigFiles.Example)),
            documentOptions: options
        );

        var defaults = JsonSerializer.SerializeToNode(
            new DriverSettings { Schema = "./settings.schema.json" },
            SettingsJson.Default.DriverSettings
        );

        JsonNode.DeepEquals(example, defaults).Should().BeTrue();
    }

    [Fact]
    public void Every_key_has_a_description()
    {
        var undescribed = new List<string>();
        Collect(JsonNode.Parse(SettingsSchema.Create())!, "");
        undescribed.Should().BeEmpty();

        void Collect(JsonNode schema, string path)
        {
            if (schema["items"] is { } items)
                Collect(items, path + "[]");
            if (schema["properties"] is not JsonObject properties)
                return;
            foreach (var (name, property) in properties)
            {
                if (property!["description"] is null)
                    undescribed.Add($"{path}.{name}");
                Collect(property, $"{path}.{name}");
            }
        }
    }
}
