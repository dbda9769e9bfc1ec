using System.Text.Json;

namespace CustomExecutor.Kubernetes;

/// <summary>An answer that came whole but is not what Kubernetes answers; it is retried like one that is cut
/// off.</summary>
/// <param name="problem">Half a sentence that quotes nothing of the answer.</param>
/// <param name="inner">What the client library threw.</param>
internal sealed class GarbledAnswerException(string problem, Exception? inner = null)
    : JsonException($"the answer is not Kubernetes': {problem}", inner);
