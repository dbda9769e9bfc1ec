using CustomExecutor.Core.Kubernetes;

namespace CustomExecutor.Kubernetes.Connection;

/// <summary>A connection to the API server failed.</summary>
internal sealed class ConnectionException(ConnectionRoute route, ConnectionFault fault, Exception? inner = null)
    : Exception(route.Sentence(fault), inner)
{
    public ConnectionFault Fault => fault;

    public string? Remedy { get; } = route.Remedy(fault);
}

/// <summary>A request was sent, or its connection was being opened, but its time ran out or the stage ended.</summary>
internal sealed class UnansweredException(
    ConnectionRoute route,
    OperationCanceledException inner,
    CancellationToken cancel
) : OperationCanceledException(inner.Message, inner, cancel)
{
    /// <summary>The server that did not answer.</summary>
    public string Server => route.Shown;
}

/// <summary>An established connection failed.</summary>
internal sealed class BrokenConnectionException(ConnectionRoute route, Exception inner)
    : IOException(inner.Message, inner)
{
    /// <summary>The server of the connection.</summary>
    public string Server => route.Shown;
}
