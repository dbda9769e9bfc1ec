using System.Text.Json;
using System.Text.Json.Serialization;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.JobPod;
using CustomExecutor.Core.Kubernetes;

namespace CustomExecutor.Core.Attempt;

/// <summary>
/// What prepare hands to run and cleanup of the same attempt. It is written before the first object is created, so that
/// a cleanup after a prepare that died knows the names, and again when the builder is ready.
/// </summary>
public sealed record AttemptState
{
    /// <summary>The format; another one was written by another version of the driver.</summary>
    public const int CurrentFormat = 1;

    public int Format { get; init; } = CurrentFormat;

    /// <summary>The job that this attempt is of; a state of another job is refused.</summary>
    public required long JobId { get; init; }

    /// <summary>Where the builder's pod and secret are.</summary>
    public required string Namespace { get; init; }

    /// <summary>The name of the pod, of its secret and of the buildx builder.</summary>
    public required string Builder { get; init; }

    /// <summary>Where the builder answers, as ADDRESS:PORT; null until it does.</summary>
    public string? Endpoint { get; init; }

    /// <summary>True when the driver's own handshake with the builder has succeeded.</summary>
    public bool Ready { get; init; }

    /// <summary>The kubeconfig and the files that it names (keys, certificates): no script may reach them. Null until
    /// the builder is ready.</summary>
    public IReadOnlyList<string>? ClusterFiles { get; init; }

    /// <summary>The job's pod, where its scripts run there; else null.</summary>
    public PodRecord? Pod { get; init; }

    /// <summary>What prepare's settings said; null in a state of an older driver.</summary>
    public KeptSettings? Kept { get; init; }

    /// <summary>The state as the file's text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, StateJson.Default.AttemptState);

    /// <summary>Reads the file's text. The names in it steer API calls and paths, and a script may have changed them:
    /// they must be ones that prepare writes.</summary>
    /// <param name="json">The file's whole text.</param>
    /// <param name="path">Where it was read, for the message.</param>
    /// <param name="jobId">The job that it must be of.</param>
    /// <exception cref="DriverException">It is damaged, of another version or of another job, or its names are
    /// none.</exception>
    public static AttemptState Parse(string json, string path, long jobId)
    {
        AttemptState? state;
        try
        {
            state = JsonSerializer.Deserialize(json, StateJson.Default.AttemptState);
        }
        catch (JsonException e)
        {
            throw new DriverException(
                $"The attempt's state {path} is damaged ({DisplayText.Of(e.Path ?? "$")}, line {e.LineNumber + 1}).",
                inner: e
            );
        }

        if (state is not { Format: CurrentFormat })
        {
            throw new DriverException(
                $"The attempt's state {path} was written by another version of the driver (format {state?.Format}, "
                    + $"this one reads {CurrentFormat})."
            );
        }

        if (state.JobId != jobId)
        {
            throw new DriverException(
                $"The attempt's state {path} is of job {state.JobId}, but this is job {jobId}: it is not used."
            );
        }

        if (!DnsLabel.IsOne(state.Namespace))
        {
            throw new DriverException(
                $"The attempt's state {path} names '{DisplayText.Of(state.Namespace ?? "")}', which is not a "
                    + "namespace: it is not used."
            );
        }

        if (!BuilderPlanner.IsNameOf(jobId, state.Builder))
        {
            throw new DriverException(
                $"The attempt's state {path} names '{DisplayText.Of(state.Builder ?? "")}', which is not a builder "
                    + $"of job {jobId}: it is not used."
            );
        }

        if (state.Kept is { } kept && kept.Mistake() is { } mistake)
            throw new DriverException($"The attempt's state {path} {mistake}: it is not used.");
        return state;
    }
}

/// <summary>The JSON shape of the state file.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AttemptState))]
internal sealed partial class StateJson : JsonSerializerContext;
