namespace CustomExecutor.Core.Kubernetes.Yaml;

/// <summary>A text that is not YAML. The message never quotes the text, which may hold secrets.</summary>
/// <param name="message">What is wrong, with the line.</param>
public sealed class YamlSyntaxException(string message) : Exception(message);
