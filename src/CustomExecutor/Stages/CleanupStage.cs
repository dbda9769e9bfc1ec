using CustomExecutor.Attempt;
using CustomExecutor.Core;
using CustomExecutor.Core.Attempt;
using CustomExecutor.Host.Files;
using CustomExecutor.Host.Logging;
using CustomExecutor.Kubernetes;

namespace CustomExecutor.Stages;

/// <summary>cleanup: deletes the job's builder and files, however far prepare had come; a second time it finds nothing
/// to do.</summary>
internal sealed class CleanupStage(CleanupInput input, StageLog log, TimeProvider time)
{
    /// <summary>Nobody cleans up after cleanup: it works on after SIGTERM, for less than the runner's
    /// <c>graceful_kill_timeout</c>.</summary>
    public static readonly TimeSpan GraceAfterTermination = TimeSpan.FromSeconds(60);

    /// <summary>How long API calls are tried again. The job's slot stays taken meanwhile; what is left then, the
    /// builder's deadline and gc end.</summary>
    private static readonly TimeSpan ApiBudget = TimeSpan.FromSeconds(60);

    private readonly List<string> _problems = [];

    private string Name => input.Job.Paths.WorkspaceName(input.Job.JobId);

    /// <summary>Does as much as can be done and tells at the end what could not.</summary>
    /// <exception cref="DriverException">Something is left; one line each.</exception>
    public async Task<int> Run(CancellationToken cancel)
    {
        // The one beside the workspaces where the attempt's own is lost; without any, labels lead to the builder.
        var record =
            Usable(() => StateFile.Read(input.Job.Paths, input.Job.JobId))
            ?? Usable(() => new AttemptRecords(input.WorkspaceRoot).Read(Name));
        // An admin may have changed the root since.
        string[] roots = [.. new[] { input.WorkspaceRoot, record?.WorkspaceRoot }.OfType<string>().Distinct()];
        // Side by side: neither needs the other.
        var files = Task.Run(() => RemoveFiles(roots), cancel);
        await TryTo(() => DeleteBuilders(record, cancel), cancel);
        await TryTo(() => files, cancel);
        // Last: as long as anything is left, gc knows of it.
        if (_problems.Count == 0)
            await TryTo(() => Task.Run(() => RemoveRecords(roots), CancellationToken.None), cancel);
        return _problems.Count == 0 ? 0 : throw new DriverException(string.Join('\n', _problems));
    }

    private async Task DeleteBuilders(AttemptRecord? record, CancellationToken cancel)
    {
        using var client = ClusterAccess.Open(input.Cluster, time, log.Admin);
        // The record may be of a namespace that the settings no longer name.
        var retries = new ApiRetries(log, ApiBudget, time, hasContact: record is { Ready: true });
        var pods = new BuilderPods(client, record?.Namespace ?? input.Cluster.Namespace, retries);
        // Side by side: the one that is known does not wait for a list that can't be had.
        await Task.WhenAll(DeleteKnown(pods, record?.Builder, cancel), DeleteLabelled(pods, record?.Builder, cancel));
    }

    private Task DeleteKnown(BuilderPods pods, string? known, CancellationToken cancel) =>
        TryTo(
            async () =>
            {
                if (known is null)
                    return;
                await pods.Delete(known, cancel);
                log.Admin.Information("Deleted builder {Builder}", known);
            },
            cancel
        );

    private Task DeleteLabelled(BuilderPods pods, string? known, CancellationToken cancel) =>
        TryTo(
            async () =>
            {
                var names = (await pods.Of(input.Instance, input.Job.JobId, cancel))
                    .Select(p => p.Metadata.Name)
                    .Where(name => name != known)
                    .ToList();
                await Task.WhenAll(names.Select(name => TryTo(() => pods.Delete(name, cancel), cancel)));
                if (names.Count > 0)
                    log.Admin.Information("Deleted builders {Builders} that are labelled as the job's", names);
            },
            cancel
        );

    /// <summary>
    /// The state file goes last with the attempt's directory, which the runner removes: a cleanup that is cut short can
    /// be called again.
    /// </summary>
    private void RemoveFiles(string[] roots)
    {
        foreach (var root in roots)
            TryTo(() => DirectoryRemoval.Remove(Path.Join(root, Name)));
        foreach (var directory in input.Job.Paths.Own)
            TryTo(() => DirectoryRemoval.Remove(directory));
    }

    private void RemoveRecords(string[] roots)
    {
        foreach (var root in roots)
            new AttemptRecords(root).Remove(Name);
    }

    private AttemptRecord? Usable(Func<AttemptRecord?> read)
    {
        try
        {
            return read();
        }
        catch (Exception e)
        {
            log.Admin.Warning(e, "The attempt's record is not used");
            return null;
        }
    }

    /// <summary>What can't be done is reported at the end; an exception that no code expects keeps nothing else from
    /// being done.</summary>
    private async Task TryTo(Func<Task> work, CancellationToken cancel)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (e is DriverException || !cancel.IsCancellationRequested)
        {
            Note(e);
        }
    }

    private void TryTo(Action work)
    {
        try
        {
            work();
        }
        catch (Exception e)
        {
            Note(e);
        }
    }

    private void Note(Exception e)
    {
        lock (_problems)
            _problems.Add(InternalError.Expected(e).Message);
    }
}
