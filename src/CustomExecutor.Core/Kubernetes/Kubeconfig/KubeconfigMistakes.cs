namespace CustomExecutor.Core.Kubernetes.Kubeconfig;

/// <summary>
/// Collects the mistakes in kubeconfig files, in the order in which they are found. It never quotes a value that may be
/// a secret.
/// </summary>
internal sealed class KubeconfigMistakes
{
    private readonly List<string> _lines = [];

    /// <summary>Adds a mistake.</summary>
    /// <param name="file">The kubeconfig file.</param>
    /// <param name="field">The path of the field; empty for the whole file.</param>
    /// <param name="sentence">The mistake and its remedy.</param>
    public void Add(string file, string field, string sentence) =>
        _lines.Add(
            field.Length == 0 ? $"{DisplayText.Of(file)}: {sentence}" : $"{DisplayText.Of(file)}: {field}: {sentence}"
        );

    /// <summary>The path of a named entry or a field.</summary>
    public static string Path(string parent, string name) => KeyPath.Of(parent, name);

    /// <summary>Throws if there was a mistake.</summary>
    /// <param name="origin">The files, in words for the admin.</param>
    public void ThrowIfAny(string origin)
    {
        if (_lines.Count == 0)
            return;
        var separator = _lines.Count == 1 ? " " : "\n  ";
        throw new DriverException(
            $"The cluster's configuration ({origin}) can't be used:{separator}{string.Join("\n  ", _lines.Distinct())}"
        );
    }
}
