namespace CustomExecutor.Core.Sandbox;

/// <summary>A path that the admin opens to scripts.</summary>
/// <param name="Source">Who names it: a setting, or the runner service's <c>PATH</c>.</param>
/// <param name="Path">The path as it is written.</param>
/// <param name="Access">What a script may do with it.</param>
public sealed record SandboxOpening(string Source, string Path, SandboxAccess Access)
{
    /// <summary>The setting that opens directories for reading and writing.</summary>
    public const string Allow = "scriptSandbox.allow";

    /// <summary>The setting that names docker's plugins.</summary>
    public const string DockerPlugins = "docker.cliPluginsExtraDirs";

    /// <summary>The variable of the runner's service.</summary>
    public const string Variable = "PATH";
}

/// <summary>An opening that is not granted: a link leads to something hidden.</summary>
/// <param name="Opening">The opening.</param>
/// <param name="Target">Where the link leads.</param>
/// <param name="Hidden">What is hidden there.</param>
public sealed record SandboxRefusal(SandboxOpening Opening, string Target, string Hidden)
{
    /// <summary>Whether the settings name it: then they are wrong. A <c>PATH</c> may have entries that no job
    /// needs.</summary>
    public bool IsOfSettings => Opening.Source != SandboxOpening.Variable;

    /// <summary>What is wrong, and what to do.</summary>
    public string Message =>
        $"{Opening.Source}: {DisplayText.Of(Opening.Path)} leads through a link to {DisplayText.Of(Target)}, which "
        + "is closed to scripts"
        + (Hidden == Target ? "" : $" with {DisplayText.Of(Hidden)}")
        + ". It is not opened. Replace the link with a directory, or remove the entry.";
}
