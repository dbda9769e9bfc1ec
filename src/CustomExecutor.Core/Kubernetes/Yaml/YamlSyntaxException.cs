namespace CustomExecutor.Core.Kubernetes.Yaml;

/// <summary>The text is not valid YAML. The message never quotes the text, which may contain secrets.</summary>
/// <param name="message">The problem, with the line.</param>
public sealed class YamlSyntaxException(string message) : Exception(message);
