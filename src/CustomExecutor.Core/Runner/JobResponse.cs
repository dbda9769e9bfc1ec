using System.Text.Json;
using System.Text.Json.Serialization;

namespace CustomExecutor.Core.Runner;

/// <summary>The part of the job response file that the driver uses (<c>spec.Job</c> in GitLab Runner's
/// source).</summary>
public sealed record JobResponse
{
    /// <summary>The job's id, GitLab's own: no variable can change it.</summary>
    public long Id { get; init; }

    /// <summary>Which job and project it is; the names are the author's text.</summary>
    public JobInfo? JobInfo { get; init; }

    /// <summary>Where the sources come from.</summary>
    public GitInfo? GitInfo { get; init; }

    /// <summary>What the runner was told about this job.</summary>
    public RunnerInfo? RunnerInfo { get; init; }

    /// <summary>Logins that GitLab sends with the job.</summary>
    public IReadOnlyList<JobCredentials?>? Credentials { get; init; }

    /// <summary>The author's <c>image:</c>; null or without a name where there is none.</summary>
    public JobImage? Image { get; init; }

    /// <summary>The author's <c>services:</c>.</summary>
    public IReadOnlyList<JobImage?>? Services { get; init; }

    /// <summary>The job's variables; of two with one key the later one counts.</summary>
    public IReadOnlyList<JobVariable?>? Variables { get; init; }

    /// <summary>Reads the file's text.</summary>
    /// <param name="json">The file's whole text.</param>
    /// <exception cref="DriverException">It is no JSON of that shape, or has no job id. The message quotes nothing of
    /// it: it holds secrets.</exception>
    public static JobResponse Parse(string json)
    {
        JobResponse? response;
        try
        {
            response = JsonSerializer.Deserialize(json, JobJson.Default.JobResponse);
        }
        catch (JsonException e)
        {
            // The exception's own message may quote a value of the file.
            throw new DriverException(
                $"The job response file can't be read: it is no job at {DisplayText.Of(e.Path ?? "$")}, line "
                    + $"{e.LineNumber + 1}. The runner wrote it; is it newer than this driver?"
            );
        }

        return response is { Id: > 0 }
            ? response
            : throw new DriverException(
                "The job response file has no job id ('id'): without it a builder can't be told from another job's."
            );
    }
}

/// <summary>Which job and project it is.</summary>
public sealed record JobInfo(string? Name, string? Stage, long ProjectId, string? ProjectFullPath);

/// <summary>Where the sources come from; <c>RepoUrl</c> holds the job's token, <c>Protected</c> tells of the branch or
/// tag (null before GitLab 18.3).</summary>
public sealed record GitInfo(string? RepoUrl, bool? Protected = null)
{
    /// <summary>Without the token.</summary>
    public override string ToString() => nameof(GitInfo);
}

/// <summary>What the runner was told: the job's timeout in seconds, 0 for the runner's default of 7200.</summary>
public sealed record RunnerInfo(long Timeout);

/// <summary>A login that GitLab sends with the job; <c>Type</c> is <c>registry</c> for image registries.</summary>
public sealed record JobCredentials(string? Type, string? Url, string? Username, string? Password)
{
    /// <summary>Without the password.</summary>
    public override string ToString() => $"{nameof(JobCredentials)} {Type} {Url} {Username}";
}

/// <summary>The JSON shapes of the job response file; the runner writes no key twice, and two ids would be
/// none.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    AllowDuplicateProperties = false
)]
[JsonSerializable(typeof(JobResponse))]
internal sealed partial class JobJson : JsonSerializerContext;
