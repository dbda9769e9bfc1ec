namespace CustomExecutor.Core;

/// <summary>Where in a settings file or a kubeconfig something is, as people write it.</summary>
internal static class KeyPath
{
    /// <summary>The path of a key within an object; unusual keys are quoted, so that a dot in them is no
    /// step.</summary>
    public static string Of(string parent, string name)
    {
        if (name.Length is 0 or > 80 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '$' or '-'))
            return $"{parent}[\"{DisplayText.Of(name, 80)}\"]";
        return parent.Length == 0 ? name : $"{parent}.{name}";
    }
}
