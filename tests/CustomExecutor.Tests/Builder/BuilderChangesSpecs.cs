using CustomExecutor.Builder;
using CustomExecutor.Core.Builder.Diagnosis;
using k8s.Models;

namespace CustomExecutor.Tests.Builder;

public sealed class BuilderChangesSpecs
{
    [Fact]
    public async Task Changes_of_several_writers_are_read_in_the_order_in_which_they_were_written()
    {
        var second = new TaskCompletionSource();
        await using var changes = new BuilderChanges();
        changes.WriteBy(
            async (to, end) =>
            {
                await second.Task.WaitAsync(end);
                to.TryWrite(Event("last"));
            }
        );
        changes.WriteBy(_ => Task.FromResult<BuilderChange>(Event("first")));

        List<string> read = [];
        await foreach (var change in changes.Read(TestContext.Current.CancellationToken))
        {
            read.Add(((BuilderChange.EventSeen)change).Event.Reason);
            second.TrySetResult();
            if (read.Count == 2)
                break;
        }

        read.Should().Equal("first", "last");
    }

    [Fact]
    public async Task A_fault_of_a_writer_reaches_the_reader_behind_what_was_written_before()
    {
        await using var changes = new BuilderChanges();
        changes.WriteBy(
            (to, _) =>
            {
                to.TryWrite(Event("before"));
                throw new InvalidOperationException("a fault");
            }
        );
        changes.WriteBy((_, end) => Task.Delay(Timeout.InfiniteTimeSpan, end));

        List<BuilderChange> read = [];
        var reading = async () =>
        {
            await foreach (var change in changes.Read(TestContext.Current.CancellationToken))
                read.Add(change);
        };

        (await reading.Should().ThrowAsync<InvalidOperationException>()).WithMessage("a fault");
        read.Should().ContainSingle();
    }

    [Fact]
    public async Task No_writer_outlives_the_reader()
    {
        var ended = false;
        var changes = new BuilderChanges();
        changes.WriteBy(
            async (_, end) =>
            {
                try
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, end);
                }
                finally
                {
                    ended = true;
                }
            }
        );

        await changes.DisposeAsync();

        ended.Should().BeTrue();
    }

    private static BuilderChange.EventSeen Event(string reason) => new(new Corev1Event { Reason = reason });
}
