using System.Text.Json;
using System.Text.Json.Serialization;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Kubernetes;
using CustomExecutor.Core.Runner;

namespace CustomExecutor.Core.Attempt;

/// <summary>
/// What one attempt has made and where: written by prepare before the first of it, removed by cleanup after the last.
/// It lies beside the workspaces, where no script has any business, and outlives the attempt's directory.
/// </summary>
public sealed record JobRecord
{
    /// <summary>The format; another one was written by another version of the driver.</summary>
    public const int CurrentFormat = 1;

    private const int LongestDays = 36500;

    public int Format { get; init; } = CurrentFormat;

    public required long JobId { get; init; }

    /// <summary>The settings' <c>instance</c>.</summary>
    public required string Instance { get; init; }

    /// <summary>Where the builder's pod and secret are.</summary>
    public required string Namespace { get; init; }

    /// <summary>The name of the pod and of its secret.</summary>
    public required string Builder { get; init; }

    /// <summary>The directory that the runner made for the attempt.</summary>
    public required string AttemptDirectory { get; init; }

    /// <summary>
    /// Tells the directory above it from every other of this boot: that it has no such entry any more says nothing if
    /// it is another one (a service's own /tmp, a container's). Empty where it can't be told.
    /// </summary>
    public required string AttemptParent { get; init; }

    /// <summary>When prepare began.</summary>
    public required HostTime Began { get; init; }

    /// <summary>How long from then on somebody can need any of it.</summary>
    public required TimeSpan Lifetime { get; init; }

    /// <summary>The name of the record and of the workspace: it follows from the attempt.</summary>
    [JsonIgnore]
    public string Name => new AttemptPaths(AttemptDirectory).WorkspaceName(JobId);

    /// <summary>The record as the file's text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, RecordJson.Default.JobRecord);

    /// <summary>Reads the file's text. The names in it steer deletions: they must be ones that prepare
    /// writes.</summary>
    /// <param name="json">The file's whole text.</param>
    /// <param name="name">The file's name without its ending.</param>
    /// <exception cref="DriverException">It is damaged, of another version, or its names don't belong together; the
    /// message is half a sentence.</exception>
    public static JobRecord Parse(string json, string name)
    {
        JobRecord? record;
        try
        {
            record = JsonSerializer.Deserialize(json, RecordJson.Default.JobRecord);
        }
        catch (JsonException e)
        {
            throw new DriverException(
                $"it is damaged ({DisplayText.Of(e.Path ?? "$")}, line {e.LineNumber + 1})",
                inner: e
            );
        }

        if (record is not { Format: CurrentFormat })
        {
            throw new DriverException(
                $"it was written by another version of the driver (format {record?.Format}, this one reads "
                    + $"{CurrentFormat})"
            );
        }

        if (MistakeOf(record) is { } mistake)
            throw new DriverException(mistake);
        return record.Name == name ? record : throw new DriverException("it is of another attempt than its name says");
    }

    private static string? MistakeOf(JobRecord record) =>
        record switch
        {
            // What can be reckoned with.
            { Lifetime.TotalDays: <= 0 or > LongestDays }
            or { Began: { AfterBoot.TotalDays: < 0 or > LongestDays } or { Clock.Year: < 1970 or > 5000 } } =>
                "it is damaged (a time that can't be)",
            { Instance: null }
            or { AttemptParent: null }
            or { Began: null }
            or { Began.Boot: null }
            or { Began.Machine: null } => "it is damaged (a null)",
            _ when !DnsLabel.IsOne(record.Namespace) =>
                $"it names '{DisplayText.Of(record.Namespace ?? "")}', which is not a namespace",
            _ when !BuilderPlanner.IsNameOf(record.JobId, record.Builder) =>
                $"it names '{DisplayText.Of(record.Builder ?? "")}', which is not a builder of job {record.JobId}",
            _ when !KubernetesNames.IsLabelValue(record.Instance) =>
                $"it names '{DisplayText.Of(record.Instance)}', which is not an instance",
            _ when !AttemptDirectoryName.IsOne(record.AttemptDirectory) =>
                $"it names '{DisplayText.Of(record.AttemptDirectory ?? "")}', which is not a directory that a "
                    + "runner makes",
            _ => null,
        };
}

/// <summary>The JSON shape of a record.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(JobRecord))]
internal sealed partial class RecordJson : JsonSerializerContext;
