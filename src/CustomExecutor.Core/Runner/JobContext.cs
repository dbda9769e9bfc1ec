using System.Globalization;

namespace CustomExecutor.Core.Runner;

/// <summary>Identifies the job and the attempt, from trusted data of the runner only.</summary>
public sealed record JobContext
{
    /// <summary>The runner's default if GitLab sends no timeout (<c>DefaultTimeout</c> in its source).</summary>
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromHours(2);

    /// <summary>Seconds (68 years), the longest duration that Kubernetes accepts.</summary>
    private const long LongestTimeout = int.MaxValue;

    public required long JobId { get; init; }

    /// <summary>0 if GitLab sends no project (the runner's boot verification).</summary>
    public required long ProjectId { get; init; }

    /// <summary>The author's text, for display only.</summary>
    public required string JobName { get; init; }

    /// <summary>The project's page, without credentials; null if it is not known.</summary>
    public required Uri? ProjectUrl { get; init; }

    /// <summary>Whether the branch or tag is protected; false if GitLab does not say.</summary>
    public bool IsProtected { get; init; }

    /// <summary>The job's time limit. It starts before prepare.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>The image registry logins that GitLab sent with the job.</summary>
    public required IReadOnlyList<JobCredentials> RegistryCredentials { get; init; }

    /// <summary>The author's <c>image:</c>, which has a name; or null. Hostile text.</summary>
    public JobImage? Image { get; init; }

    /// <summary>The author's <c>services:</c>. Hostile text.</summary>
    public IReadOnlyList<JobImage> Services { get; init; } = [];

    /// <summary>The job's variables, each with a key; of two with one key the later one counts, but the first is
    /// GitLab's own. They may be secrets.</summary>
    public IReadOnlyList<JobVariable> Variables { get; init; } = [];

    /// <summary>The contents of the job's variables of type File, by key. They may be secrets.</summary>
    public IReadOnlyDictionary<string, string> FileVariables { get; init; } = new Dictionary<string, string>();

    /// <summary>The files of this attempt.</summary>
    public required AttemptPaths Paths { get; init; }

    /// <summary>The job's page, or null.</summary>
    public Uri? JobUrl =>
        ProjectUrl is null
            ? null
            : new Uri(
                string.Create(CultureInfo.InvariantCulture, $"{ProjectUrl.AbsoluteUri.TrimEnd('/')}/-/jobs/{JobId}")
            );

    /// <summary>Creates the context from the job response.</summary>
    public static JobContext From(JobResponse response, string attemptDirectory) =>
        new()
        {
            JobId = response.Id,
            ProjectId = Math.Max(response.JobInfo?.ProjectId ?? 0, 0),
            JobName = response.JobInfo?.Name ?? "",
            ProjectUrl = ProjectPage(response.GitInfo?.RepoUrl),
            IsProtected = response.GitInfo?.Protected ?? false,
            Timeout = response.RunnerInfo is { Timeout: > 0 } runner
                ? TimeSpan.FromSeconds(Math.Min(runner.Timeout, LongestTimeout))
                : DefaultTimeout,
            RegistryCredentials =
            [
                .. (response.Credentials ?? []).OfType<JobCredentials>().Where(c => c.Type == "registry"),
            ],
            Image = response.Image is { Name.Length: > 0 } image ? image : null,
            Services =
            [
                .. (response.Services ?? []).OfType<JobImage>().Where(service => service.Name is { Length: > 0 }),
            ],
            Variables = [.. (response.Variables ?? []).OfType<JobVariable>().Where(v => v.Key is { Length: > 0 })],
            FileVariables = FileContents(response.Variables ?? []),
            Paths = new AttemptPaths(attemptDirectory),
        };

    private static Dictionary<string, string> FileContents(IEnumerable<JobVariable?> variables)
    {
        var last = new Dictionary<string, JobVariable>();
        foreach (var variable in variables)
        {
            if (variable is { Key: { } key })
                last[key] = variable;
        }

        return last.Where(v => v.Value.File).ToDictionary(v => v.Key, v => v.Value.Value ?? "");
    }

    /// <summary>
    /// The repository's URL is <c>https://gitlab-ci-token:TOKEN@host/path.git</c>. The page's URL is the same without
    /// the token and ".git".
    /// </summary>
    private static Uri? ProjectPage(string? repoUrl)
    {
        if (!Uri.TryCreate(repoUrl, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http"))
            return null;
        var path = url.AbsolutePath.TrimEnd('/');
        if (path.EndsWith(".git", StringComparison.Ordinal))
            path = path[..^4];
        // GitLab's paths have no '@': this one ends a password that contains an unescaped slash.
        if (path.Contains('@'))
            return null;
        return path.Length > 1 ? new UriBuilder(url.Scheme, url.Host, url.Port, path).Uri : null;
    }
}
