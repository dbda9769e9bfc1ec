namespace CustomExecutor.Core.Tests;

public sealed class DisplayTextSpecs
{
    [Theory]
    [InlineData("")]
    [InlineData("build image: [linux/amd64, 1.2] 'a' \"b\" <c> $d `e` \\ %0a")]
    [InlineData("Größe 日本語 🙂 é")]
    public void Ordinary_text_is_unchanged(string text) => DisplayText.Of(text).Should().Be(text);

    [Theory]
    [InlineData("a\nb", "a\\u000ab")]
    [InlineData("a\r\nb", "a\\u000d\\u000ab")]
    [InlineData("\u001b[2J", "\\u001b[2J")]
    [InlineData("\u009b2J", "\\u009b2J")]
    [InlineData("a\0b\tc\u007f", "a\\u0000b\\u0009c\\u007f")]
    [InlineData("a\u2028b\u2029c\u0085d", "a\\u2028b\\u2029c\\u0085d")]
    [InlineData("\u202etxt.exe\u2066\u200f", "\\u202etxt.exe\\u2066\\u200f")]
    [InlineData("a\u200bb\ufeff", "a\\u200bb\\ufeff")]
    [InlineData("\U000e0041", "\\ue0041")]
    public void Control_characters_are_escaped(string text, string shown) => DisplayText.Of(text).Should().Be(shown);

    [Fact]
    public void A_section_of_the_job_log_cannot_be_forged() =>
        DisplayText
            .Of("x\nsection_start:1560896352:forged[collapsed=true]\r\u001b[0KFake")
            .Should()
            .NotContainAny("\n", "\r", "\u001b");

    [Fact]
    public void An_unpaired_surrogate_becomes_a_replacement_character() =>
        DisplayText.Of("a\ud800b\udc00\udbff").Should().Be("a\ufffdb\ufffd\ufffd");

    [Fact]
    public void Text_is_truncated_at_the_limit_with_a_mark()
    {
        DisplayText.Of(new string('x', 200)).Should().Be(new string('x', 200));
        DisplayText.Of(new string('x', 201)).Should().Be(new string('x', 200) + "…");
        DisplayText.Of("abcdef", 3).Should().Be("abc…");
    }

    [Theory]
    [InlineData("abc\u001b", "abc…")]
    [InlineData("abc🙂", "abc…")]
    [InlineData("ab🙂", "ab🙂")]
    public void Truncation_never_splits_a_character_or_exceeds_the_limit(string text, string shown) =>
        DisplayText.Of(text, 4).Should().Be(shown);
}
