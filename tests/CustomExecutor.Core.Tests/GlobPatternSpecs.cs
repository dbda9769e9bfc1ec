namespace CustomExecutor.Core.Tests;

public sealed class GlobPatternSpecs
{
    [Theory]
    [InlineData("ruby:*", "ruby:3.3")]
    [InlineData("ruby", "ruby")]
    [InlineData("registry.example.com/group/*:*", "registry.example.com/group/image:tag")]
    [InlineData("registry.example.com/**", "registry.example.com/a")]
    [InlineData("registry.example.com/**", "registry.example.com/a/b/c:1")]
    [InlineData("registry.example.com/**", "registry.example.com")]
    [InlineData("registry.example.com/**/*:*", "registry.example.com/a/b:1")]
    [InlineData("**/postgres:1?", "mirror/library/postgres:16")]
    [InlineData("**/postgres:1?", "postgres:16")]
    [InlineData("**", "anything/at/all")]
    [InlineData("{ruby,node}:*", "node:20")]
    [InlineData("{a,b{c,d}}e", "bde")]
    [InlineData("{,docker.io/library/}node:20", "node:20")]
    [InlineData("{,docker.io/library/}node:20", "docker.io/library/node:20")]
    [InlineData("node:[12]?", "node:20")]
    [InlineData("node:[a-c]", "node:b")]
    [InlineData("node:[^a-c]", "node:d")]
    [InlineData("a[]]b", "a]b")]
    [InlineData(@"node\*", "node*")]
    [InlineData(@"\{a\}", "{a}")]
    [InlineData("*", "")]
    public void A_name_matches(string pattern, string name) => GlobPattern.Matches(pattern, name).Should().BeTrue();

    [Theory]
    [InlineData("ruby", "ruby:3.3")]
    [InlineData("ruby:*", "evil/ruby:3.3")]
    [InlineData("*", "evil/image")]
    [InlineData("registry.example.com/*", "registry.example.com/a/b")]
    [InlineData("registry.example.com/**", "registry.example.com.evil.org/a")]
    [InlineData("registry.example.com/**", "evil.org/registry.example.com/a")]
    [InlineData("registry**", "registry.example.com/a")]
    [InlineData("node:[^a-c]", "node:a")]
    [InlineData("Ruby:*", "ruby:3")]
    [InlineData(@"node\*", "node20")]
    [InlineData("?", "/")]
    public void A_name_does_not_match(string pattern, string name) =>
        GlobPattern.Matches(pattern, name).Should().BeFalse();

    [Theory]
    [InlineData("")]
    [InlineData("a[b")]
    [InlineData("a{b")]
    [InlineData("a\\")]
    [InlineData("[a\\]")]
    [InlineData("{0,1}{0,1}{0,1}{0,1}{0,1}{0,1}{0,1}{0,1}{0,1}{0,1}{0,1}{0,1}")]
    public void What_is_no_pattern_is_told_and_matches_nothing(string pattern)
    {
        GlobPattern.MistakeOf(pattern).Should().NotBeNull();
        GlobPattern.Matches(pattern, pattern).Should().BeFalse();
    }

    [Fact]
    public void A_hostile_name_is_compared_at_once()
    {
        var stars =
            string.Concat(Enumerable.Repeat("*a", 200)) + "/" + string.Join('/', Enumerable.Repeat("**/x", 100));

        GlobPattern.Matches(stars, new string('a', 1000)).Should().BeFalse();
        GlobPattern.Matches("**", new string('a', 2000)).Should().BeFalse("no image has such a name");
    }
}
