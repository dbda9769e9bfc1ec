namespace CustomExecutor.EngineApi.Tests.Session;

/// <summary>Two starts for one store, as by two calls of docker at a time.</summary>
public sealed class OneProgramSpecs : IDisposable
{
    private readonly TemporaryDirectory _files = new();

    private string PidFile => Path.Join(_files.Path, "pid");

    [Fact]
    public async Task The_second_ends_well_and_the_first_serves_on()
    {
        using var first = await Engine.StartIn(_files, "--pid-file", PidFile);
        var id = await File.ReadAllTextAsync(PidFile, TestContext.Current.CancellationToken);

        using (var second = Second(first))
        {
            await Eventually.True(() => second.HasExited, "the second has ended");
            second.Log.Should().BeEmpty();
        }

        (await first.Names()).Should().BeEmpty();
        (await File.ReadAllTextAsync(PidFile, TestContext.Current.CancellationToken)).Should().Be(id);
    }

    [Fact]
    public async Task The_second_takes_over_what_a_killed_one_has_left()
    {
        using (var first = await Engine.StartIn(_files, "--pid-file", PidFile))
        {
            (await first.Load(TestImage.With("a").Archive("app:1"))).EnsureSuccessStatusCode();
        }

        // A process that lives, but not this one.
        await File.WriteAllTextAsync(PidFile, "1 1\n", TestContext.Current.CancellationToken);
        using var second = await Engine.StartIn(_files, "--pid-file", PidFile);

        (await second.Names()).Should().Equal("app:1");
        (await File.ReadAllTextAsync(PidFile, TestContext.Current.CancellationToken))
            .Should()
            .StartWith($"{second.Process.Id} ");
    }

    [Fact]
    public async Task Its_pid_file_goes_with_it()
    {
        using var engine = await Engine.StartIn(_files, "--pid-file", PidFile);

        (await engine.Process.Terminate()).Should().Be(0);

        File.Exists(PidFile).Should().BeFalse();
    }

    public void Dispose() => _files.Dispose();

    private ServedProcess Second(Engine first) =>
        new(Engine.Program, ["--socket", first.Socket, "--store", first.Store, "--pid-file", PidFile]);
}
