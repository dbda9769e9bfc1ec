namespace CustomExecutor.Core.Runner;

/// <summary>The runner's names for script stages (<c>common/build.go</c> in its source, v19.3).</summary>
public static class ScriptStage
{
    /// <summary>Stages whose scripts the runner writes itself ("predefined"). None of them builds an image.</summary>
    private static readonly HashSet<string> Predefined = new(StringComparer.Ordinal)
    {
        "prepare_script",
        "get_sources",
        "clear_worktree",
        "restore_cache",
        "download_artifacts",
        "archive_cache",
        "archive_cache_on_failure",
        "upload_artifacts_on_success",
        "upload_artifacts_on_failure",
        "cleanup_file_variables",
    };

    /// <summary>
    /// Whether the stage runs the author's commands: <c>build_script</c>, <c>after_script</c>, <c>step_*</c>, and
    /// unknown names.
    /// </summary>
    public static bool IsAuthors(string name) => !Predefined.Contains(name);
}
