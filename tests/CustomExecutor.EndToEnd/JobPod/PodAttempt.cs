using CustomExecutor.Commands.Try;
using k8s;
using k8s.Models;

namespace CustomExecutor.EndToEnd.JobPod;

/// <summary>An attempt that is prepared, with its scripts in the job's pod; they are called one by one.</summary>
internal sealed class PodAttempt : IAsyncDisposable
{
    private readonly WrittenLog _log = new();
    private readonly JobOnNode _job;
    private readonly PlayedAttempt _attempt;

    private PodAttempt(JobOnNode job) => (_job, _attempt) = (job, job.Attempt(_log));

    /// <summary>The driver's and the scripts' output so far.</summary>
    public string Log => _log.Text;

    /// <summary>The runner's directory for the attempt.</summary>
    public string Directory => _attempt.Directory;

    public string ProjectDirectory => _attempt.ProjectDirectory;

    /// <summary>The job's pod.</summary>
    public string Pod { get; private set; } = "";

    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    /// <summary>Calls config, prepare and get_sources.</summary>
    /// <param name="job">The job, which ends with this.</param>
    public static async Task<PodAttempt> Start(JobOnNode job)
    {
        var attempt = new PodAttempt(job);
        (await attempt._attempt.Config(TestEnds)).Outcome.Should().Be(RunnerOutcome.Success, attempt.Log);
        (await attempt._attempt.Prepare(TestEnds)).Outcome.Should().Be(RunnerOutcome.Success, attempt.Log);
        attempt.Pod = (await Node.Pods.Of(Node.Settings.Instance, job.Id, TestEnds)).Single().Metadata.Name;
        await attempt.Passes("get_sources", $"mkdir -p {attempt.ProjectDirectory}", inProject: false);
        return attempt;
    }

    /// <summary>Runs one script in the project's directory.</summary>
    /// <returns>How the runner sees its end, and what it wrote.</returns>
    public async Task<(RunnerResult Result, string Output)> Run(
        string stage,
        string commands,
        bool inProject = true,
        CancellationToken? cancel = null
    )
    {
        var before = Log.Length;
        File.Delete(_attempt.ExitCodeFile);
        var result = await _attempt.Run(stage, commands, inProject, cancel ?? TestEnds);
        return (result, Log[before..]);
    }

    /// <summary>Runs a script that must succeed.</summary>
    /// <returns>What it wrote.</returns>
    public async Task<string> Passes(string stage, string commands, bool inProject = true)
    {
        var (result, output) = await Run(stage, commands, inProject);
        result.Outcome.Should().Be(RunnerOutcome.Success, output);
        return output;
    }

    public Task<V1Pod> ReadPod() =>
        Node.Client.CoreV1.ReadNamespacedPodAsync(Pod, Node.Settings.Kubernetes.Namespace, cancellationToken: TestEnds);

    public async ValueTask DisposeAsync()
    {
        await _attempt.Cleanup();
        _attempt.Dispose();
        _job.Dispose();
        await _log.DisposeAsync();
    }
}
