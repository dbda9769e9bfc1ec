using System.Text.Json;
using CustomExecutor.Core.Runner;

namespace CustomExecutor.Core.Tests.Runner;

public sealed class ConfigReplySpecs
{
    [Fact]
    public void The_reply_is_one_JSON_object_in_the_runners_format() =>
        ConfigReply
            .For("/srv/7-abc/builds", "/srv/7-abc/cache", "1.2.3")
            .ToJson()
            .Should()
            .Be(
                """{"driver":{"name":"custom-executor","version":"1.2.3"},"builds_dir":"/srv/7-abc/builds","cache_dir":"/srv/7-abc/cache","builds_dir_is_shared":false,"shell":"bash"}"""
            );

    [Fact]
    public void A_directory_of_any_name_is_unchanged()
    {
        var json = ConfigReply.For("/srv/a \"b\"\\\n<ü🙂>/builds", "/c", "1").ToJson();

        json.Should().NotContain("\n");
        JsonDocument
            .Parse(json)
            .RootElement.GetProperty("builds_dir")
            .GetString()
            .Should()
            .Be("/srv/a \"b\"\\\n<ü🙂>/builds");
    }
}
