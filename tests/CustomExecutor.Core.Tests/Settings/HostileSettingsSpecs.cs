using System.Text;
using CustomExecutor.Core.Settings;

namespace CustomExecutor.Core.Tests.Settings;

public sealed class HostileSettingsSpecs
{
    [Fact]
    public void Deep_nesting_is_refused() =>
        SettingsText
            .MessageOf("{ 'x': " + new string('[', 100_000) + new string(']', 100_000) + " }")
            .Should()
            .Contain("depth of 64");

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("a\\udc00b")]
    public void An_unpaired_surrogate_is_a_mistake_anywhere(string half)
    {
        const string mistake = "has half of a character (a \\u escape of an unpaired surrogate)";

        SettingsText.MistakesOf($"{{ 'instance': '{half}' }}").Should().Equal("instance: the text " + mistake);
        SettingsText.MistakesOf($"{{ '{half}': 1 }}").Should().Equal("the whole file: a key " + mistake);
        SettingsText
            .MistakesOf($"{{ 'builder': {{ 'nodeSelector': {{ '{half}': 'x' }} }} }}")
            .Should()
            .Equal("builder.nodeSelector: a key " + mistake);
        SettingsText
            .MistakesOf($"{{ 'log': {{ 'level': '{half}' }} }}")
            .Should()
            .Equal("log.level: the text " + mistake);
        SettingsText.MistakesOf($"{{ 'log': '{half}' }}").Should().ContainSingle().Which.Should().StartWith("log: ");
        SettingsText.MistakesOf($"{{ 'docker': {{ 'registryCredentials': '{half}' }} }}").Should().HaveCount(1);
    }

    [Fact]
    public void A_broken_character_in_the_text_itself_is_read_as_the_replacement_character() =>
        SettingsText
            .MistakesOf("{ 'instance': 'a\ud800' }")
            .Should()
            .ContainSingle()
            .Which.Should()
            .StartWith("instance: \"a\ufffd\" is not a valid label value");

    [Fact]
    public void Quoted_text_can_neither_forge_a_line_nor_control_the_terminal()
    {
        var mistakes = SettingsText.MistakesOf(
            """{ 'instance': 'a\nlog: fine\u001b[2J\u0000\u202e', 'x\ny': 1, 'builder': { 'nodeSelector': { 'a\r\nb': 'c' } } }"""
        );

        mistakes.Should().HaveCount(3);
        mistakes[0].Should().StartWith("[\"x\\u000ay\"]: unknown key");
        mistakes[1]
            .Should()
            .StartWith("instance: \"a\\u000alog: fine\\u001b[2J\\u0000\\u202e\" is not a valid label value");
        mistakes[2].Should().StartWith("builder.nodeSelector[\"a\\u000d\\u000ab\"]: ");
    }

    [Fact]
    public void A_value_or_key_of_a_megabyte_is_reported_in_short()
    {
        var huge = new string('x', 1 << 20);

        SettingsText.MessageOf($"{{ 'instance': '{huge}' }}").Length.Should().BeLessThan(500);
        SettingsText.MessageOf($"{{ '{huge}': 1 }}").Length.Should().BeLessThan(500);
        SettingsText
            .MessageOf($"{{ 'builder': {{ 'prepareTimeoutSeconds': {new string('9', 1 << 20)} }} }}")
            .Length.Should()
            .BeLessThan(500);
        SettingsText
            .MessageOf($"{{ 'builder': {{ 'stateSizeLimit': '{new string('9', 1 << 20)}Gi' }} }}")
            .Length.Should()
            .BeLessThan(500);
    }

    [Fact]
    public void The_files_name_is_also_escaped()
    {
        var read = () => SettingsReader.Read("[]", "a\nb");

        read.Should().Throw<DriverException>().WithMessage("The settings file a\\u000ab has a mistake:*");
    }

    [Fact]
    public void A_damaged_file_is_read_or_refused_with_a_message()
    {
        // A fixed seed, so that a failure can be reproduced.
        var chance = new Random(20);
        const string letters = "{}[]\",:\\/*u0d8e9.-ntf \n\0\ud83d\u202eé";
        var whole = File.ReadAllText(RepositoryFile.PathOf(ConfigFiles.Example));
        for (var i = 0; i < 2_000; i++)
        {
            var damaged = new StringBuilder(whole);
            for (var wounds = chance.Next(1, 4); wounds > 0; wounds--)
            {
                var at = chance.Next(damaged.Length);
                if (chance.Next(2) == 0)
                    damaged[at] = letters[chance.Next(letters.Length)];
                else
                    damaged.Remove(at, Math.Min(chance.Next(1, 30), damaged.Length - at));
            }

            try
            {
                SettingsReader.Read(damaged.ToString(), "settings.json");
            }
            catch (DriverException e)
            {
                e.Message.Should().StartWith("The settings file settings.json ");
            }
        }
    }
}
