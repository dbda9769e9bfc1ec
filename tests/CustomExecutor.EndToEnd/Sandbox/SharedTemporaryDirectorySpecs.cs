using CustomExecutor.Commands.Try;

namespace CustomExecutor.EndToEnd.Sandbox;

/// <summary>A runner whose service has no TMPDIR of its own, so that all attempts lie in /tmp.</summary>
public sealed class SharedTemporaryDirectorySpecs
{
    private const string Temporary = "/tmp";

    [Fact]
    public async Task Of_tmp_a_script_has_its_own_directory_alone_and_the_job_log_says_where_to_write()
    {
        ServiceUser.RequireHost();
        using var host = new ServiceHost("auto", Temporary);
        using var victim = new HostJob(host, new PlayedJob { Id = JobOnNode.NextId(), ProjectId = 41 });
        using var job = new HostJob(host, new PlayedJob { Id = JobOnNode.NextId(), ProjectId = 42 });
        await Task.WhenAll(victim.Prepare(), job.Prepare());
        job.Known["VICTIM"] = victim.Attempt.Directory;

        var refused = await job.Do(
            """
            ls /tmp || echo refused: list
            ls $VICTIM || echo refused: list of the other
            cat $VICTIM/response.json || echo refused: response of the other
            cat $VICTIM/job/certs/key.pem || echo refused: key of the other
            ( : > $VICTIM/t/planted ) || echo refused: write to the other
            ( : > /tmp/custom-executor-spec-planted ) || echo refused: write
            """
        );
        var own = await job.Do(
            """
            file=$(mktemp) && echo 4711 > $file && cat $file
            [ "$(cat <<< "here is $file")" = "here is $file" ] && case $file in $TMPDIR/*) echo in its own ;; esac
            """
        );
        await Task.WhenAll(victim.Cleanup(), job.Cleanup());

        refused
            .Split('\n')
            .Where(line => line.StartsWith("refused: ", StringComparison.Ordinal))
            .Should()
            .HaveCount(6, refused);
        own.Should().Contain("4711").And.Contain("in its own");
        job.Log.Should().Contain("can't use /tmp").And.Contain("Write to $TMPDIR instead");
    }
}
