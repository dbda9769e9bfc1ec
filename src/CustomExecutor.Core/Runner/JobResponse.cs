using System.Text.Json;
using System.Text.Json.Serialization;

namespace CustomExecutor.Core.Runner;

/// <summary>The part of the job response file that the driver uses (<c>spec.Job</c> in GitLab Runner's
/// source).</summary>
public sealed record JobResponse
{
    /// <summary>The job's id from GitLab. No variable can change it.</summary>
    public long Id { get; init; }

    /// <summary>The job and its project. The names are the author's text.</summary>
    public JobInfo? JobInfo { get; init; }

    /// <summary>The repository.</summary>
    public GitInfo? GitInfo { get; init; }

    /// <summary>GitLab's instructions to the runner.</summary>
    public RunnerInfo? RunnerInfo { get; init; }

    /// <summary>The logins that GitLab sends with the job.</summary>
    public IReadOnlyList<JobCredentials?>? Credentials { get; init; }

    /// <summary>The author's <c>image:</c>; null or without a name if the job has none.</summary>
    public JobImage? Image { get; init; }

    /// <summary>The author's <c>services:</c>.</summary>
    public IReadOnlyList<JobImage?>? Services { get; init; }

    /// <summary>The job's variables. The later of two with the same key wins.</summary>
    public IReadOnlyList<JobVariable?>? Variables { get; init; }

    /// <summary>Parses the job response.</summary>
    /// <param name="json">The file's whole text.</param>
    /// <exception cref="DriverException">
    /// It is not JSON of this shape, or has no job id. The message quotes nothing from it, because it contains secrets.
    /// </exception>
    public static JobResponse Parse(string json)
    {
        JobResponse? response;
        try
        {
            response = JsonSerializer.Deserialize(json, JobJson.Default.JobResponse);
        }
        catch (JsonException e)
        {
            // The exception's own message may quote a value from the file.
            throw new DriverException(
                $"The job response file can't be read: it is not valid at {DisplayText.Of(e.Path ?? "$")}, line "
                    + $"{e.LineNumber + 1}. The runner wrote it. If the runner is newer than this driver, update "
                    + "the driver."
            );
        }

        return response is { Id: > 0 }
            ? response
            : throw new DriverException(
                "The job response file has no job id ('id'), which identifies the job's builder. The runner wrote "
                    + "the file: update the runner or this driver."
            );
    }
}

/// <summary>The job and its project.</summary>
public sealed record JobInfo(string? Name, string? Stage, long ProjectId, string? ProjectFullPath);

/// <summary>
/// The repository. <c>RepoUrl</c> contains the job's token. <c>Protected</c> is whether the branch or tag is protected
/// (null before GitLab 18.3).
/// </summary>
public sealed record GitInfo(string? RepoUrl, bool? Protected = null)
{
    /// <summary>Omits the token.</summary>
    public override string ToString() => nameof(GitInfo);
}

/// <summary>
/// GitLab's instructions to the runner: the job's timeout in seconds, 0 for the runner's default of 7200.
/// </summary>
public sealed record RunnerInfo(long Timeout);

/// <summary>A login that GitLab sends with the job; <c>Type</c> is <c>registry</c> for image registries.</summary>
public sealed record JobCredentials(string? Type, string? Url, string? Username, string? Password)
{
    /// <summary>Omits the password.</summary>
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
