using System.Text.Json;
using System.Text.Json.Serialization;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Settings;

namespace CustomExecutor.Core.Attempt;

/// <summary>
/// What one attempt makes and where. Prepare writes it twice before it makes anything else: beside the workspaces,
/// where it outlives the attempt's directory, for gc; and into the attempt's directory, for run and cleanup. When the
/// builder is ready, the latter is written again. <see cref="RecordReader"/> reads it.
/// </summary>
public sealed record AttemptRecord
{
    /// <summary>The format; another one was written by another version of the driver.</summary>
    public const int CurrentFormat = 2;

    public int Format { get; init; } = CurrentFormat;

    /// <summary>The job that this attempt is of.</summary>
    public required long JobId { get; init; }

    /// <summary>The settings' <c>instance</c>.</summary>
    public required string Instance { get; init; }

    /// <summary>Where the builder's pod and secret are.</summary>
    public required string Namespace { get; init; }

    /// <summary>The name of the pod, of its secret and of the buildx builder.</summary>
    public required string Builder { get; init; }

    /// <summary>The settings' <c>kubernetes.kubeconfig</c>.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>The settings' <c>kubernetes.context</c>.</summary>
    public string? Context { get; init; }

    /// <summary>The directory that the runner made for the attempt.</summary>
    public required string AttemptDirectory { get; init; }

    /// <summary>
    /// Tells the directory above it from every other of this boot: that it has no such entry any more says nothing if
    /// it is another one (a service's own /tmp, a container's). Empty where it can't be told.
    /// </summary>
    public required string AttemptParent { get; init; }

    /// <summary>The settings' <c>workspace.root</c>.</summary>
    public required string WorkspaceRoot { get; init; }

    /// <summary>When prepare began.</summary>
    public required HostTime Began { get; init; }

    /// <summary>How long from then on somebody can need any of it.</summary>
    public required TimeSpan Lifetime { get; init; }

    /// <summary>Where the builder answers, as ADDRESS:PORT; null until it does.</summary>
    public string? Endpoint { get; init; }

    /// <summary>True when the driver's own handshake with the builder has succeeded.</summary>
    public bool Ready { get; init; }

    /// <summary>The kubeconfig and the files that it names (keys, certificates): no script may reach them. Null until
    /// the builder is ready.</summary>
    public IReadOnlyList<string>? ClusterFiles { get; init; }

    /// <summary>Whether scripts on the host have a Docker Engine API.</summary>
    public bool HasEngine { get; init; }

    /// <summary>The job's pod, where its scripts run there; else null.</summary>
    public PodRecord? Pod { get; init; }

    /// <summary>The name of the record and of the workspace: it follows from the attempt.</summary>
    [JsonIgnore]
    public string Name => new AttemptPaths(AttemptDirectory).WorkspaceName(JobId);

    /// <summary>The attempt's workspace.</summary>
    [JsonIgnore]
    public string WorkspaceDirectory => Path.Join(WorkspaceRoot, Name);

    /// <summary>The cluster and the namespace that the builder is in.</summary>
    [JsonIgnore]
    public KubernetesSettings Cluster =>
        new()
        {
            Kubeconfig = Kubeconfig,
            Context = Context,
            Namespace = Namespace,
        };

    /// <summary>The record as a file's text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, RecordJson.Default.AttemptRecord);
}
