using System.Text.Json.Nodes;
using CustomExecutor.Core.Runner;

namespace CustomExecutor.Commands.Try;

/// <summary>
/// A job as GitLab would send it to a runner. The simulated runner writes it to the job response file.
/// </summary>
internal sealed record PlayedJob
{
    public required long Id { get; init; }

    public long ProjectId { get; init; } = 1;

    public string Name { get; init; } = "try";

    /// <summary>The repository's URL without a token, from which the project's page is derived.</summary>
    public string RepoUrl { get; init; } = "https://gitlab.example.com/try/project.git";

    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The job's token. GitLab creates a new one for each job.</summary>
    public string Token { get; init; } = "glcbt-" + Guid.NewGuid().ToString("N");

    /// <summary>Whether the branch is protected.</summary>
    public bool IsProtected { get; init; }

    /// <summary>
    /// The author's variables, in order. The last one with the same name wins, also over GitLab's own variables.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Variables { get; init; } = [];

    /// <summary>Variables of type File: the script gets the path of a file with this content.</summary>
    public IReadOnlyDictionary<string, string> FileVariables { get; init; } = new Dictionary<string, string>();

    /// <summary>The author's <c>image:</c>.</summary>
    public string? Image { get; init; }

    /// <summary>The author's <c>services:</c>.</summary>
    public IReadOnlyList<JobImage> Services { get; init; } = [];

    /// <summary>The registry logins that GitLab sends with the job.</summary>
    public IReadOnlyList<JobCredentials> Credentials { get; init; } = [];

    /// <summary>GitLab's and the author's variables, as the script sees them.</summary>
    /// <param name="buildsDirectory">The runner's <c>builds_dir</c>, empty until config has reported it.</param>
    public IReadOnlyDictionary<string, string> AllVariables(string buildsDirectory)
    {
        var all = new Dictionary<string, string>
        {
            ["CI"] = "true",
            ["GITLAB_CI"] = "true",
            ["CI_JOB_ID"] = $"{Id}",
            ["CI_JOB_NAME"] = Name,
            ["CI_JOB_STAGE"] = "build",
            ["CI_JOB_TOKEN"] = Token,
            ["CI_JOB_STATUS"] = "running",
            ["CI_PROJECT_ID"] = $"{ProjectId}",
            ["CI_COMMIT_REF_SLUG"] = "main",
            ["CI_BUILDS_DIR"] = buildsDirectory,
            ["CI_PROJECT_DIR"] = buildsDirectory.Length > 0 ? ProjectDirectory(buildsDirectory) : "",
        };
        foreach (var (key, value) in Variables)
            all[key] = value;
        foreach (var key in FileVariables.Keys)
            all[key] = Path.Join($"{all["CI_PROJECT_DIR"]}.tmp", key);
        return all;
    }

    /// <summary>Omits the token.</summary>
    public override string ToString() => $"{nameof(PlayedJob)} {Id}";

    /// <summary>
    /// The directory of the sources: <c>builds_dir/GROUP/PROJECT</c>, if the builds directory is not shared.
    /// </summary>
    public static string ProjectDirectory(string buildsDirectory) => Path.Join(buildsDirectory, "try", "project");

    /// <summary>The job response file's text (the part of <c>spec.Job</c> that drivers use).</summary>
    public string ToResponse() =>
        new JsonObject
        {
            ["id"] = Id,
            ["token"] = Token,
            ["job_info"] = new JsonObject
            {
                ["name"] = Name,
                ["stage"] = "build",
                ["project_id"] = ProjectId,
                ["project_name"] = "project",
            },
            ["git_info"] = new JsonObject
            {
                ["repo_url"] = RepoUrl.Replace("://", $"://gitlab-ci-token:{Token}@", StringComparison.Ordinal),
                ["ref"] = "main",
                ["protected"] = IsProtected,
            },
            ["runner_info"] = new JsonObject { ["timeout"] = (long)Timeout.TotalSeconds },
            ["image"] = Image is null ? null : new JsonObject { ["name"] = Image },
            ["services"] = new JsonArray([.. Services.Select(Service)]),
            ["variables"] = new JsonArray([
                .. Variables.Select(v =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["key"] = v.Key,
                            ["value"] = v.Value,
                            ["public"] = true,
                        }
                ),
                .. FileVariables.Select(v =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["key"] = v.Key,
                            ["value"] = v.Value,
                            ["file"] = true,
                        }
                ),
            ]),
            ["credentials"] = new JsonArray([
                .. Credentials.Select(c =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["type"] = c.Type,
                            ["url"] = c.Url,
                            ["username"] = c.Username,
                            ["password"] = c.Password,
                        }
                ),
            ]),
        }.ToJsonString() + "\n";

    private static JsonNode Service(JobImage service) =>
        new JsonObject
        {
            ["name"] = service.Name,
            ["alias"] = service.Alias,
            ["entrypoint"] = Words(service.Entrypoint),
            ["command"] = Words(service.Command),
            ["variables"] = new JsonArray([
                .. (service.Variables ?? []).Select(v =>
                    (JsonNode)new JsonObject { ["key"] = v?.Key, ["value"] = v?.Value }
                ),
            ]),
        };

    private static JsonArray? Words(IReadOnlyList<string?>? words) =>
        words is null ? null : new JsonArray([.. words.Select(word => (JsonNode?)JsonValue.Create(word))]);
}
