using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CustomExecutor.EngineApi.Tests.Session;

/// <summary>Many, slow and broken clients.</summary>
public sealed class LoadOfRequestsSpecs
{
    private static readonly TestImage Image = TestImage.With("one");

    [Fact]
    public async Task A_thousand_requests_at_once_are_all_answered()
    {
        using var engine = await Engine.Start();
        await engine.Load(Image.Archive("a:1"));

        var requests = Enumerable
            .Range(0, 1000)
            .Select(async i =>
            {
                if (i % 10 == 0)
                    return (await engine.Load(TestImage.With($"{i % 50}").Archive($"b:{i % 50}"))).StatusCode;
                if (i % 10 == 1)
                {
                    return (
                        await engine.Client.DeleteAsync(
                            $"images/b:{(i + 7) % 50}",
                            TestContext.Current.CancellationToken
                        )
                    ).StatusCode;
                }

                using var response = await engine.Client.GetAsync(
                    i % 2 == 0 ? "images/json" : "images/a:1/json",
                    TestContext.Current.CancellationToken
                );
                return response.StatusCode;
            });

        (await Task.WhenAll(requests))
            .Should()
            .OnlyContain(status => status == HttpStatusCode.OK || status == HttpStatusCode.NotFound);
        engine.Process.Log.Should().NotContain("internal error");
        (await engine.Client.GetAsync("images/get?names=a:1", TestContext.Current.CancellationToken))
            .StatusCode.Should()
            .Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_image_that_is_removed_during_its_save_is_saved_whole()
    {
        using var engine = await Engine.Start();
        using var second = await Engine.Start();
        await engine.Load(TestImage.With("large", 10_000_000).Archive("a:1"));

        using var response = await engine.Client.GetAsync(
            "images/a:1/get",
            HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken
        );
        await engine.Client.DeleteAsync("images/a:1", TestContext.Current.CancellationToken);
        await second.Load(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));

        (await second.Names()).Should().Equal("a:1");
        await Eventually.True(() => engine.StoredBytes == 0, "the removed image's content is gone");
    }

    [Fact]
    public async Task A_client_that_goes_away_during_its_load_leaves_nothing()
    {
        using var engine = await Engine.Start();
        using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            await socket.ConnectAsync(
                new UnixDomainSocketEndPoint(engine.Socket),
                TestContext.Current.CancellationToken
            );
            await socket.SendAsync(
                Encoding.ASCII.GetBytes("POST /images/load HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"),
                TestContext.Current.CancellationToken
            );
            await socket.SendAsync(Image.Archive("a:1").AsMemory(0, 3000), TestContext.Current.CancellationToken);
            await Eventually.True(() => engine.StoredBytes > 0, "the program stores what came");
        }

        await Eventually.True(() => engine.StoredBytes == 0, "it forgets the half image");
        engine.Process.Log.Should().NotContain("internal error");
    }

    [Fact]
    public async Task A_slow_client_disturbs_nobody()
    {
        using var engine = await Engine.Start();
        using var slow = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await slow.ConnectAsync(new UnixDomainSocketEndPoint(engine.Socket), TestContext.Current.CancellationToken);
        await slow.SendAsync(
            Encoding.ASCII.GetBytes(
                "POST /images/load HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n"
            ),
            TestContext.Current.CancellationToken
        );

        (await engine.Load(Image.Archive("a:1"))).StatusCode.Should().Be(HttpStatusCode.OK);

        (await engine.Names()).Should().Equal("a:1");
    }

    [Fact]
    public async Task A_large_image_does_not_take_memory()
    {
        using var engine = await Engine.Start();
        var archive = TestImage.With("large", 100_000_000).Archive("a:1");
        await engine.Load(Image.Archive("warm:1"));
        var before = engine.Process.PeakMemory;

        (await engine.Load(archive)).StatusCode.Should().Be(HttpStatusCode.OK);

        (engine.Process.PeakMemory - before).Should().BeLessThan(40_000_000);
    }

    [Fact]
    public async Task Images_are_there_after_a_restart_and_what_was_unfinished_is_not()
    {
        using var files = new TemporaryDirectory();
        using (var first = await Engine.StartIn(files))
        {
            await first.Load(Image.Archive("a:1"));
            File.WriteAllText(Path.Join(first.Store, "uploads", "left"), "x");
            File.WriteAllText(Path.Join(first.Store, "blobs", "sha256", new string('a', 64)), "x");
        }

        using var second = await Engine.StartIn(files);

        (await second.Names()).Should().Equal("a:1");
        second.StoredBytes.Should().Be(Image.Blobs.Values.Sum(blob => blob.Length) + Image.Manifest.Length);
    }
}
