namespace CustomExecutor.Core.Kubernetes.Kubeconfig;

/// <summary>Interprets kubeconfig files like kubectl. It does not open files itself.</summary>
public static class KubeconfigReader
{
    /// <summary>The connection that a context of the files describes.</summary>
    /// <param name="files">The existing files, by absolute path, in order of precedence.</param>
    /// <param name="context">The context to use; null for the current one.</param>
    /// <param name="origin">The files, in words for the admin: <c>kubernetes.kubeconfig /etc/kubeconfig</c>.</param>
    /// <param name="read">Reads a file that the kubeconfig refers to.</param>
    /// <exception cref="DriverException">
    /// The files have mistakes. The message lists all of them with file, field and remedy, and contains no secret.
    /// </exception>
    public static ClusterConnection Read(
        IReadOnlyList<(string Path, FileContent Content)> files,
        string? context,
        string origin,
        Func<string, FileContent> read
    )
    {
        var mistakes = new KubeconfigMistakes();
        var parsed = files.Select(file => Parse(file.Path, file.Content, mistakes)).ToList();
        // A missing entry may be in a part that could not be read.
        mistakes.ThrowIfAny(origin);

        var entries = KubeconfigEntries.Merge(parsed);
        var connection = new ContextReader(entries, mistakes, read).Read(files[0].Path, context);
        mistakes.ThrowIfAny(origin);
        var users = entries.Users.Values;
        var named = users
            .SelectMany(u => new[] { u.ClientCertificate, u.ClientKey, u.TokenFile })
            .Concat(entries.Clusters.Values.Select(c => c.CertificateAuthority))
            .OfType<string>();
        return connection! with
        {
            Files = [.. files.Select(f => f.Path).Concat(named).Distinct()],
            PluginPaths = [.. users.Select(u => u.Exec).OfType<KubeconfigExec>().SelectMany(PathsOf).Distinct()],
        };
    }

    private static KubeconfigEntries Parse(string path, FileContent content, KubeconfigMistakes mistakes)
    {
        if (content.Bytes is { } bytes)
            return KubeconfigParser.Parse(path, bytes, mistakes);
        mistakes.Add(path, "", $"can't be read: {DisplayText.Of(content.Trouble!)}");
        return new KubeconfigEntries();
    }

    /// <summary>The absolute paths in a plugin's environment (also in lists of them) and arguments (also as
    /// <c>--option=PATH</c>).</summary>
    private static IEnumerable<string> PathsOf(KubeconfigExec exec) =>
        exec
            .Environment.Where(variable => !IsSearchPath(variable.Name ?? ""))
            .SelectMany(variable => variable.Value.Split(':'))
            .Concat(
                exec.Arguments.Select(argument =>
                    argument.StartsWith('-') ? argument[(argument.IndexOf('=') + 1)..] : argument
                )
            )
            .Where(path => path.StartsWith('/'))
            .Select(Path.GetFullPath);

    /// <summary><c>PATH</c>, <c>LD_LIBRARY_PATH</c>, <c>PYTHONPATH</c>: programs, which scripts may use too.</summary>
    private static bool IsSearchPath(string variable) => variable.EndsWith("PATH", StringComparison.Ordinal);
}
