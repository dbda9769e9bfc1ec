using CustomExecutor.Attempt;
using CustomExecutor.Core;
using CustomExecutor.Core.Attempt;
using CustomExecutor.Host.Files;
using CustomExecutor.Host.Logging;
using CustomExecutor.Kubernetes;

namespace CustomExecutor.Stages;

/// <summary>cleanup: deletes the job's builder and files, however far prepare had come; a second time it finds nothing
/// to do.</summary>
internal sealed class CleanupStage(StageInput input, StageLog log, TimeProvider time)
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
        var state = ReadState() ?? ReadRecord();
        // An admin may have changed the root since.
        string[] roots =
        [
            .. new[] { input.Settings.Workspace.Root, state?.Kept?.WorkspaceRoot }.OfType<string>().Distinct(),
        ];
        // Side by side: neither needs the other.
        var files = Task.Run(() => RemoveFiles(roots), cancel);
        await Attempt(() => DeleteBuilders(state, cancel), cancel);
        await Attempt(() => files, cancel);
        // Last: as long as anything is left, gc knows of it.
        if (_problems.Count == 0)
            await Attempt(() => Task.Run(() => RemoveRecords(roots), CancellationToken.None), cancel);
        return _problems.Count == 0 ? 0 : throw new DriverException(string.Join('\n', _problems));
    }

    private async Task DeleteBuilders(AttemptState? state, CancellationToken cancel)
    {
        using var client = ClusterAccess.Open(input.Settings.Kubernetes, time, log.Admin);
        // The state may be of a namespace that the settings no longer name.
        var retries = new ApiRetries(log, ApiBudget, time, hasContact: state is { Ready: true });
        var pods = new BuilderPods(client, state?.Namespace ?? input.Settings.Kubernetes.Namespace, retries);
        // Side by side: the one that is known does not wait for a list that can't be had.
        await Task.WhenAll(DeleteKnown(pods, state?.Builder, cancel), DeleteLabelled(pods, state?.Builder, cancel));
    }

    private Task DeleteKnown(BuilderPods pods, string? known, CancellationToken cancel) =>
        Attempt(
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
        Attempt(
            async () =>
            {
                var names = (await pods.Of(input.Settings.Instance, input.Job.JobId, cancel))
                    .Select(p => p.Metadata.Name)
                    .Where(name => name != known)
                    .ToList();
                await Task.WhenAll(names.Select(name => Attempt(() => pods.Delete(name, cancel), cancel)));
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
            Attempt(() => DirectoryRemoval.Remove(Path.Join(root, Name)));
        foreach (var directory in input.Job.Paths.Own)
            Attempt(() => DirectoryRemoval.Remove(directory));
    }

    private void RemoveRecords(string[] roots)
    {
        foreach (var root in roots)
            new JobRecords(root).Remove(Name);
    }

    /// <summary>What the record says, where the state is lost.</summary>
    private AttemptState? ReadRecord()
    {
        try
        {
            return new JobRecords(input.Settings.Workspace.Root).Read(Name) is { } record
                ? new AttemptState
                {
                    JobId = record.JobId,
                    Namespace = record.Namespace,
                    Builder = record.Builder,
                }
                : null;
        }
        catch (Exception e)
        {
            log.Admin.Warning(e, "The attempt's record is not used");
            return null;
        }
    }

    private AttemptState? ReadState()
    {
        try
        {
            var path = input.Job.Paths.StateFile;
            return PrivateFiles.Read(path) is { } text ? AttemptState.Parse(text, path, input.Job.JobId) : null;
        }
        catch (Exception e)
        {
            // The labels lead to the builder as well.
            log.Admin.Warning(e, "The attempt's state is not used");
            return null;
        }
    }

    /// <summary>What can't be done is reported at the end; an exception that no code expects keeps nothing else from
    /// being done.</summary>
    private async Task Attempt(Func<Task> work, CancellationToken cancel)
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

    private void Attempt(Action work)
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
