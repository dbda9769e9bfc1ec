using CustomExecutor.Core;
using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Runner;
using CustomExecutor.Host.Files;

namespace CustomExecutor.Attempt;

/// <summary>The record in the attempt's own directory, for the attempt's later stages.</summary>
internal static class StateFile
{
    /// <summary>Writes it, whole or not at all.</summary>
    /// <exception cref="DriverException">It can't be written.</exception>
    public static void Write(AttemptRecord record) =>
        PrivateFiles.Write(new AttemptPaths(record.AttemptDirectory).StateFile, record.ToJson());

    /// <summary>Reads it; null where no prepare has written one.</summary>
    /// <exception cref="DriverException">It can't be used.</exception>
    public static AttemptRecord? Read(AttemptPaths attempt, long jobId) =>
        PrivateFiles.Read(attempt.StateFile) is { } text ? Parse(text, attempt, jobId) : null;

    /// <summary>Reads its text.</summary>
    /// <exception cref="DriverException">It can't be used.</exception>
    public static AttemptRecord Parse(string text, AttemptPaths attempt, long jobId) =>
        RecordReader.Parse(
            text,
            $"The attempt's record {attempt.StateFile}",
            attempt.WorkspaceName(jobId),
            attempt.Root
        );
}
