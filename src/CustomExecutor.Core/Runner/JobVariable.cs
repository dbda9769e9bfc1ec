namespace CustomExecutor.Core.Runner;

/// <summary>A job variable.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Value">Its value; of one that is a file, the file's content.</param>
/// <param name="File">Whether the script gets a file's path instead of the value.</param>
/// <param name="Public">Whether it stands in the pipeline or is GitLab's own, and so is no secret.</param>
/// <param name="Raw">Whether variables within the value are not expanded.</param>
public sealed record JobVariable(string? Key, string? Value, bool File = false, bool Public = false, bool Raw = false)
{
    /// <summary>Without the value.</summary>
    public override string ToString() => $"{nameof(JobVariable)} {Key}";
}
