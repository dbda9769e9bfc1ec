namespace CustomExecutor.EngineApi.Faults;

/// <summary>
/// A request that can't be answered as asked. Docker's clients print the message behind "Error response from
/// daemon:".
/// </summary>
/// <param name="status">The HTTP status.</param>
/// <param name="message">What is wrong and what to do, in a sentence.</param>
public sealed class EngineException(int status, string message) : Exception(message)
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>The request or the archive in it is wrong.</summary>
    public static EngineException Invalid(string message) => new(400, message);

    /// <summary>What the request names does not exist.</summary>
    public static EngineException NotFound(string message) => new(404, message);

    /// <summary>The request contradicts the state of the store.</summary>
    public static EngineException Conflict(string message) => new(409, message);

    /// <summary>A registry refused or failed.</summary>
    public static EngineException Registry(string message) => new(500, message);

    /// <summary>The store is full.</summary>
    public static EngineException Full(string message) => new(507, message);
}
