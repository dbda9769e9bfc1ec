using System.Net.Http.Headers;
using CustomExecutor.Core;
using CustomExecutor.Kubernetes.Credentials;

namespace CustomExecutor.Tests.Kubernetes.Credentials;

/// <summary>A token in a file that is rotated, as client-go reads it.</summary>
public sealed class TokenFileSpecs : IDisposable
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private readonly TemporaryDirectory _directory = new();
    private readonly SetClock _clock = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task It_is_read_again_after_a_while()
    {
        var credentials = Open("  one\n");
        (await Token(credentials)).Should().Be("one");
        Write("two");
        (await Token(credentials)).Should().Be("one");

        _clock.Pass(TimeSpan.FromSeconds(51));

        (await Token(credentials)).Should().Be("two");
    }

    [Fact]
    public async Task It_is_read_again_at_once_after_a_401()
    {
        var credentials = Open("one");
        var refused = await credentials.Get(Cancel);
        (await credentials.Renew(refused, Cancel)).Should().BeFalse("it is still the same");
        Write("two");

        (await credentials.Renew(refused, Cancel)).Should().BeTrue();

        (await Token(credentials)).Should().Be("two");
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData(null)]
    public async Task The_last_good_token_is_kept_while_the_file_has_none(string? text)
    {
        var credentials = Open("one");
        await credentials.Get(Cancel);
        Write(text);
        _clock.Pass(TimeSpan.FromHours(1));

        (await Token(credentials)).Should().Be("one");
    }

    [Theory]
    [InlineData("", "has no token")]
    [InlineData("a\nb", "has no token")]
    [InlineData(null, "can't be read: it does not exist")]
    public async Task Without_any_token_there_is_a_sentence(string? text, string sentence) =>
        (await Open(text).Invoking(c => c.Get(Cancel)).Should().ThrowAsync<DriverException>())
            .Which.Message.Should()
            .Be($"The token file {_directory.Path}/token {sentence}{(text is null ? "" : ".")}");

    [Fact]
    public async Task The_token_beside_it_serves_until_there_is_a_file()
    {
        var credentials = Open(null, new ClusterCredential(new AuthenticationHeaderValue("Bearer", "beside"), null));
        (await Token(credentials)).Should().Be("beside");
        Write("file");
        _clock.Pass(TimeSpan.FromMinutes(1));

        (await Token(credentials)).Should().Be("file");
    }

    private static async Task<string?> Token(TokenFileCredentials credentials) =>
        (await credentials.Get(Cancel)).Authorization!.Parameter;

    private TokenFileCredentials Open(string? text, ClusterCredential? beside = null)
    {
        Write(text);
        return new TokenFileCredentials(
            Path.Combine(_directory.Path, "token"),
            beside ?? new ClusterCredential(null, null),
            _clock
        );
    }

    private void Write(string? text)
    {
        if (text is null)
            File.Delete(Path.Combine(_directory.Path, "token"));
        else
            _directory.Write("token", text);
    }

    private sealed class SetClock : TimeProvider
    {
        private long _now;

        public override long GetTimestamp() => _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Pass(TimeSpan time) => _now += time.Ticks;
    }
}
