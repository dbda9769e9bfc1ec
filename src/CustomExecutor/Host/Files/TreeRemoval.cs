using CustomExecutor.Host.Native;

namespace CustomExecutor.Host.Files;

/// <summary>
/// Removes one tree with descriptors. Only one directory is open at a time, at any depth. The way up is <c>..</c>,
/// which is used only if it is the directory that the removal came from. (Moving subtrees up instead would need rights
/// on both sides, and fails at mount points.) So the removal never leaves the tree and never follows a link.
/// </summary>
/// <param name="above">The directory that contains the tree.</param>
/// <param name="top">The tree's name in it.</param>
/// <param name="problems">Collects what can't be removed.</param>
/// <param name="identity">The expected identity of the top directory; null to accept any.</param>
internal sealed unsafe class TreeRemoval(OpenDirectory above, string top, RemovalProblems problems, string? identity)
{
    /// <summary>
    /// The maximum number of repetitions if the tree changes meanwhile. A tree that nobody changes needs a few for its
    /// largest directories.
    /// </summary>
    private const int MostRepetitions = 10_000;

    private const int RepetitionsPerRestart = 500;

    private readonly byte[] _top = FileMetadata.NameBytes(top);
    private readonly List<RemovedLevel> _levels = [];
    private OpenDirectory? _here;
    private int _repetitions;

    /// <summary>Removes the tree.</summary>
    /// <exception cref="Core.DriverException">Some of it could not be removed.</exception>
    public void Run()
    {
        try
        {
            while (!TryRemove())
                Repeat(RepetitionsPerRestart);
        }
        finally
        {
            _here?.Dispose();
        }

        // The path may have been created again.
        if (above.Examine(_top, out _) != ErrorNumbers.NoEntry)
            throw problems.Error("something was created at its path meanwhile");
    }

    /// <summary>One try from the top.</summary>
    /// <returns>Whether it is gone. Otherwise it was changed meanwhile.</returns>
    private bool TryRemove()
    {
        _levels.Clear();
        var error = above.Unlink(_top);
        if (error is 0 or ErrorNumbers.NoEntry)
            return true;
        // Linux returns EISDIR for a directory, unless there is another reason to refuse.
        if (error != ErrorNumbers.IsDirectory)
            throw Refused(error);
        if (!EnterTop())
            return false;
        if (!RemoveContent())
            return false;
        if (problems.Error() is { } left)
            throw left;
        error = above.RemoveDirectory(_top);
        return error switch
        {
            0 or ErrorNumbers.NoEntry => true,
            ErrorNumbers.NotEmpty or ErrorNumbers.Exists or ErrorNumbers.NotDirectory => false,
            _ => throw Refused(error),
        };
    }

    private bool EnterTop()
    {
        var error = above.Open(_top, out var directory);
        if (IsChange(error))
            return false;
        if (error != 0)
            throw Refused(error);
        Stand(directory!);
        if (identity is not null && directory!.Identity.ToString() != identity)
            throw problems.Error("another directory has taken its place");
        _levels.Add(new RemovedLevel(_top, directory!.Identity));
        return true;
    }

    /// <summary>Empties the top directory.</summary>
    /// <returns>Whether the parent was found at each level.</returns>
    private bool RemoveContent()
    {
        while (_levels is [.., var level])
        {
            if (!level.IsListed)
                List(level);
            else if (level.Directories.TryPop(out var name))
                Enter(level, name);
            else if (level is { IsCut: true, HasProblem: false })
                Repeat(level);
            else if (!Leave(level))
                return false;
        }

        return true;
    }

    /// <summary>Removes everything except directories, and collects their names.</summary>
    private void List(RemovedLevel level)
    {
        (level.IsListed, level.IsCut) = (true, false);
        var error = _here!.BeginList();
        while (error == 0 && !level.IsCut && _here.Next(out error) is var entry && entry != null)
        {
            var name = DirectoryStreams.NameOf(entry);
            if (RemovedLevel.IsDots(name))
                continue;
            var removal =
                DirectoryStreams.TypeOf(entry) == DirectoryStreams.IsDirectory
                    ? ErrorNumbers.IsDirectory
                    : _here.Unlink(name);
            if (removal == ErrorNumbers.IsDirectory)
                level.Add(name);
            else if (removal is not (0 or ErrorNumbers.NoEntry))
                Report(level, RemovedLevel.Copy(name), removal);
        }

        // A directory that was removed meanwhile returns ENOENT.
        if (error is not (0 or ErrorNumbers.NoEntry))
            Report(level, [0], error);
    }

    private void Enter(RemovedLevel level, byte[] name)
    {
        var error = _here!.Open(name, out var child);
        if (error == 0)
        {
            Stand(child!);
            _levels.Add(new RemovedLevel(name, child!.Identity));
        }
        else if (IsChange(error))
        {
            Repeat(1);
            error = _here.Unlink(name);
            if (error == ErrorNumbers.IsDirectory)
                level.Directories.Push(name);
            else if (error is not (0 or ErrorNumbers.NoEntry))
                Report(level, name, error);
        }
        else
        {
            Report(level, name, error);
        }
    }

    /// <summary>Goes up from an empty directory and removes it.</summary>
    /// <returns>Whether it is still in the directory from which it was entered.</returns>
    private bool Leave(RemovedLevel level)
    {
        _levels.RemoveAt(_levels.Count - 1);
        if (_levels is not [.., var parent])
            return true;
        if (_here!.OpenAbove(out var directory) != 0)
            return false;
        Stand(directory!);
        if (directory!.Identity != parent.Identity)
            return false;
        parent.HasProblem |= level.HasProblem;
        if (level.HasProblem)
            return true;
        var error = directory.RemoveDirectory(level.Name);
        if (error is ErrorNumbers.NotEmpty or ErrorNumbers.Exists or ErrorNumbers.NotDirectory)
        {
            Repeat(1);
            parent.Directories.Push(level.Name);
        }
        else if (error is not (0 or ErrorNumbers.NoEntry))
        {
            Report(parent, level.Name, error);
        }

        return true;
    }

    private void Stand(OpenDirectory directory)
    {
        _here?.Dispose();
        _here = directory;
    }

    private void Repeat(RemovedLevel level)
    {
        Repeat(1);
        level.IsListed = false;
    }

    private void Repeat(int count)
    {
        _repetitions += count;
        if (_repetitions > MostRepetitions)
            throw problems.Error() ?? problems.Error("something keeps changing its content");
    }

    private void Report(RemovedLevel level, byte[] name, int error)
    {
        level.HasProblem = true;
        problems.Add([.. _levels.Skip(1).Select(l => l.Name), name], Reason(_here!, name, error));
    }

    private Core.DriverException Refused(int error) => problems.Error(Reason(above, _top, error));

    /// <summary>
    /// An error that mode and owner do not explain comes from the immutable attribute of a file or its directory.
    /// </summary>
    private static string Reason(OpenDirectory directory, byte[] name, int error) =>
        error == ErrorNumbers.NotPermitted
        && ((directory.Examine(name, out var status) == 0 && status.IsLocked) || directory.IsLocked)
            ? "it is immutable or append-only (remove the attribute with chattr -ia)"
            : RemovalProblems.Reason(error);

    private static bool IsChange(int error) =>
        error is ErrorNumbers.NoEntry or ErrorNumbers.NotDirectory or ErrorNumbers.LinkLoop;
}
