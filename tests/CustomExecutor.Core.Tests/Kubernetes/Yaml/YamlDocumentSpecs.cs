using System.Text;
using CustomExecutor.Core.Kubernetes.Yaml;

namespace CustomExecutor.Core.Tests.Kubernetes.Yaml;

/// <summary>YAML is converted to the same JSON as in kubectl. The expected results come from kubectl 1.32.</summary>
public sealed class YamlDocumentSpecs
{
    [Theory]
    [InlineData("a: text", """{"a":"text"}""")]
    [InlineData("{\"a\": \"text\"}", """{"a":"text"}""")]
    [InlineData("{\"a\":\"text\",\"b\":[1,2]}", """{"a":"text","b":[1,2]}""")]
    [InlineData("{\n\t\"a\": \"text\"\n}", """{"a":"text"}""")]
    [InlineData("a: yes\nb: y\nc: Off\nd: \"yes\"", """{"a":true,"b":true,"c":false,"d":"yes"}""")]
    [InlineData("a: ~\nb:\nc: null\nd: 'null'", """{"a":null,"b":null,"c":null,"d":"null"}""")]
    [InlineData(
        "a: 12\nb: -3\nc: 1_000\nd: 0x1F\ne: 0o17\nf: 017\ng: 0b11",
        """{"a":12,"b":-3,"c":1000,"d":31,"e":15,"f":15,"g":3}"""
    )]
    [InlineData("a: 1.5\nb: 1e3\nc: 0778\nd: .5", """{"a":1.5,"b":1000,"c":778,"d":0.5}""")]
    [InlineData(
        "a: 1:20\nb: 2020-01-01\nc: 1.2.3\nd: -x\ne: 12h\nf: .x",
        """{"a":"1:20","b":"2020-01-01","c":"1.2.3","d":"-x","e":"12h","f":".x"}"""
    )]
    [InlineData(
        "a: !!str 5\nb: !foo 5\nc: !!binary YQ==\nd: !!int 5\ne: ! 5",
        """{"a":"5","b":"5","c":"a","d":5,"e":"5"}"""
    )]
    [InlineData("5: a\ny: b", """{"5":"a","true":"b"}""")]
    [InlineData("a:\tb\nc: [\n\td\n]", """{"a":"b","c":["d"]}""")]
    [InlineData("a: 1\na: 2", """{"a":2}""")]
    [InlineData("a: &x {b: 1}\nc: *x", """{"a":{"b":1},"c":{"b":1}}""")]
    [InlineData("x: &x {a: 5}\nz: {<<: *x, a: t}", """{"x":{"a":5},"z":{"a":"t"}}""")]
    [InlineData("x: &x {a: 5}\nz: {a: t, <<: *x}", """{"x":{"a":5},"z":{"a":5}}""")]
    [InlineData("{<<: [{a: 1, b: 1}, {a: 2, c: 2}]}", """{"a":1,"c":2,"b":1}""")]
    [InlineData("a: |\n  one\n  two\nb: >-\n  one\n  two", """{"a":"one\ntwo\n","b":"one two"}""")]
    [InlineData("%YAML 1.1\n---\na: 1\n...\n", """{"a":1}""")]
    [InlineData("a: 1\n---\nb: [", """{"a":1}""")]
    [InlineData("a: 1 # comment\r\nb: 2\r\n", """{"a":1,"b":2}""")]
    [InlineData("# nothing", "null")]
    [InlineData("", "null")]
    [InlineData("---", "null")]
    [InlineData("null", "null")]
    public void YAML_is_converted_like_kubectl(string yaml, string json) => Read(yaml).Should().Be(json);

    [Theory]
    [InlineData("{")]
    [InlineData("a: [1, 2")]
    [InlineData("a: \"open")]
    [InlineData("a: b: c")]
    [InlineData("\ta: 1")]
    [InlineData("a:\n\tb: 1")]
    [InlineData("a:\n  - x\n\t- y")]
    [InlineData("-\ta: 1")]
    [InlineData("a: *x")]
    [InlineData("a: &a [*a]")]
    [InlineData("<<: 5")]
    [InlineData("{[a]: 1}")]
    [InlineData("? {a: 1}\n: 2")]
    [InlineData("~: 1")]
    [InlineData("a: !!int x")]
    [InlineData("a: !!binary '%'")]
    [InlineData("a: @x")]
    [InlineData("a: `x")]
    [InlineData("a: %x")]
    [InlineData("- a\nb: 1")]
    [InlineData("a: 'x' y")]
    [InlineData("a: \"\\q\"")]
    [InlineData("!<")]
    [InlineData("&")]
    [InlineData("%YAML 1.2\n--- a")]
    [InlineData("a: x\u0001")]
    [InlineData("a: x\u0000")]
    [InlineData("a: x\uFEFFy")]
    public void Invalid_YAML_is_reported_in_one_sentence(string yaml)
    {
        var read = () => Read(yaml);

        read.Should().Throw<YamlSyntaxException>().Which.Message.Should().NotContain("\n").And.NotBeEmpty();
    }

    [Theory]
    [InlineData("[", 100_000)]
    [InlineData("{a: ", 100_000)]
    [InlineData("- ", 100_000)]
    [InlineData("? ", 10_000)]
    public void Depth_is_limited(string open, int times)
    {
        var read = () => Read(string.Concat(Enumerable.Repeat(open, times)));

        read.Should().Throw<YamlSyntaxException>();
    }

    [Fact]
    public void Aliases_cannot_expand_to_billions_of_nodes()
    {
        var bomb =
            "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
            + string.Concat(
                Enumerable
                    .Range(1, 9)
                    .Select(level =>
                        $"a{level}: &a{level} [{string.Join(", ", Enumerable.Repeat($"*a{level - 1}", 10))}]\n"
                    )
            );

        var read = () => Read(bomb);

        read.Should().Throw<YamlSyntaxException>().Which.Message.Should().Contain("aliases");
    }

    [Theory]
    [InlineData("utf-8", true)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", true)]
    public void A_byte_order_mark_selects_the_encoding(string name, bool mark)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] bytes = [.. mark ? encoding.GetPreamble() : [], .. encoding.GetBytes("a: ü🙂")];

        YamlDocument.Read(bytes)!["a"]!.GetValue<string>().Should().Be("ü🙂");
    }

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_refused()
    {
        var read = () => YamlDocument.Read([.. "a: "u8, 0xFF, 0xC0]);

        read.Should().Throw<YamlSyntaxException>().Which.Message.Should().Contain("UTF-8");
    }

    [Fact]
    public void A_truncated_file_is_read_or_refused()
    {
        var text =
            "apiVersion: v1\nclusters: &c [{name: 'x', cluster: {server: \"https://x\"}}]\ncontexts: *c\nusers:\n- name: |\n    u\n  user: !!str x\n"u8.ToArray();
        for (var length = 0; length <= text.Length; length++)
        {
            try
            {
                YamlDocument.Read(text.AsSpan(0, length));
            }
            catch (YamlSyntaxException)
            {
                // The only allowed exception.
            }
        }
    }

    private static string Read(string yaml) =>
        YamlDocument.Read(Encoding.UTF8.GetBytes(yaml))?.ToJsonString() ?? "null";
}
