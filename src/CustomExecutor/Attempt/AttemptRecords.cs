using CustomExecutor.Core;
using CustomExecutor.Core.Attempt;
using CustomExecutor.Host.Files;

namespace CustomExecutor.Attempt;

/// <summary>A record's file: what it says, or why it is not used (half a sentence).</summary>
internal sealed record RecordFile(string Path, AttemptRecord? Record, string Problem);

/// <summary>The records of the attempts on this host, beside their workspaces: for the driver's user alone.</summary>
internal sealed class AttemptRecords(string workspaceRoot)
{
    private const string Ending = ".json";
    private const string UnfinishedEnding = ".tmp";
    private const long LargestRecord = 64 * 1024;

    public string Directory { get; } = Path.Join(workspaceRoot, ".jobs");

    /// <summary>Whether this is a record that is being written, or whose prepare died over it.</summary>
    public static bool IsUnfinished(string path) => path.EndsWith(UnfinishedEnding, StringComparison.Ordinal);

    /// <summary>The attempt that a record's file is of, finished or not.</summary>
    public static string NameOf(string path) => Path.GetFileName(path).Split('.')[0];

    /// <summary>
    /// A script, of the same user, may have changed a record's mode, from which nothing keeps it. This look does not
    /// use the record. The next one does: the directory lets nobody else in, so that nobody else has written it.
    /// </summary>
    public static void PutRight(string path, FileMetadata facts)
    {
        if (facts is { Kind: FileKind.File, IsOwn: true } && facts.Mode != PrivateFiles.FileMode)
            PrivateFiles.RestoreMode(path);
    }

    /// <summary>Writes an attempt's record, whole or not at all. It is not forced to the disk: a host that loses its
    /// power loses the job as well.</summary>
    /// <exception cref="DriverException">It can't be written.</exception>
    public void Write(AttemptRecord record)
    {
        PrivateFiles.MakeDirectory(Directory);
        PutRight();
        Require();
        PrivateFiles.Write(PathOf(record.Name), record.ToJson());
    }

    /// <summary>The record of an attempt; null where there is none that can be used.</summary>
    public AttemptRecord? Read(string name) => IsThere() ? ReadFile(PathOf(name))?.Record : null;

    /// <summary>Removes an attempt's record, and what a prepare has left that died while it wrote it.</summary>
    /// <exception cref="DriverException">It can't be removed.</exception>
    public void Remove(string name)
    {
        if (!IsThere())
            return;
        try
        {
            foreach (var file in System.IO.Directory.EnumerateFiles(Directory, $"{name}{Ending}*"))
                File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DriverException(
                $"The record {PathOf(name)} can't be removed: {DisplayText.Of(e.Message)}",
                inner: e
            );
        }
    }

    /// <summary>All records. What was not finished is told as damaged.</summary>
    public IReadOnlyList<RecordFile> All() =>
        !IsThere()
            ? []
            :
            [
                .. System
                    .IO.Directory.EnumerateFileSystemEntries(Directory)
                    .Where(path => path.EndsWith(Ending, StringComparison.Ordinal) || IsUnfinished(path))
                    .Order(StringComparer.Ordinal)
                    .Select(ReadFile)
                    .OfType<RecordFile>(),
            ];

    /// <summary>
    /// Takes the right to remove files here. The kernel takes it back when the process ends, however it does. The
    /// file's time is that of the last gc. Nothing is created where no prepare has been: if root did, no job of the
    /// runner's user could be prepared.
    /// </summary>
    /// <param name="turn">The right; null if somebody has it, or if there are no records.</param>
    /// <returns>False if somebody has it.</returns>
    public bool TryLock(out FileStream? turn)
    {
        turn = null;
        if (!IsThere())
            return true;
        try
        {
            var options = new FileStreamOptions
            {
                Mode = System.IO.FileMode.OpenOrCreate,
                Access = FileAccess.Write,
                Share = FileShare.None,
                UnixCreateMode = PrivateFiles.FileMode,
            };
            turn = new FileStream(Path.Join(Directory, "swept"), options);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Whether there are any records; those that others could have written are refused.</summary>
    /// <exception cref="DriverException">The directory is not the driver's own.</exception>
    private bool IsThere()
    {
        if (FileMetadata.Of(Directory) is null)
            return false;
        Require();
        return true;
    }

    /// <summary>
    /// A script, of the same user, may have changed the mode, from which nothing keeps it: no later job would be
    /// prepared. Each record is looked at by itself before it is believed.
    /// </summary>
    private void PutRight()
    {
        if (
            FileMetadata.Of(Directory) is { Kind: FileKind.Directory, IsOwn: true } facts
            && facts.Mode != PrivateFiles.DirectoryMode
        )
        {
            File.SetUnixFileMode(Directory, PrivateFiles.DirectoryMode);
        }
    }

    private void Require()
    {
        var problem = FileMetadata.Of(Directory) switch
        {
            { Kind: not FileKind.Directory } => "is no directory",
            { IsOwn: false } => "belongs to another user (call this as the runner's)",
            { OnlyOwnerWrites: false } => "may be written by others",
            _ => null,
        };
        if (problem is not null)
            throw new DriverException($"{Directory} {problem}: the records in it are not used.");
    }

    /// <summary>One record; null if it is gone by now.</summary>
    private RecordFile? ReadFile(string path)
    {
        try
        {
            using var file = PlainFile.Open(path);
            if (file is null)
                return null;
            var problem = file.Facts switch
            {
                { IsOwn: false } => "it belongs to another user",
                { OnlyOwnerWrites: false } => "others may write it",
                _ when IsUnfinished(path) => "it was never finished",
                _ => null,
            };
            return problem is not null
                ? new RecordFile(path, null, problem)
                : new RecordFile(path, Parse(file.Text(LargestRecord), path), "");
        }
        catch (Exception e)
        {
            // Whatever is wrong with one record, the others are read.
            return new RecordFile(path, null, DisplayText.Of(e.Message).TrimEnd('.'));
        }
    }

    /// <summary>Prepare writes a record beside the workspace that it is of. So what it says of the root is not
    /// believed: a script may have written it, and gc removes the workspace.</summary>
    private AttemptRecord Parse(string text, string path) =>
        RecordReader.Parse(text, "it", Path.GetFileNameWithoutExtension(path)) with
        {
            WorkspaceRoot = workspaceRoot,
        };

    private string PathOf(string name) => Path.Join(Directory, name + Ending);
}
