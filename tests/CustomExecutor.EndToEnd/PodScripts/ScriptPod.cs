using System.Text;
using CustomExecutor.Core.Kubernetes.Exec;
using CustomExecutor.Core.Scripts.Pod;
using CustomExecutor.Kubernetes.Connection;
using CustomExecutor.Scripts.Pod;
using k8s;
using k8s.Models;

namespace CustomExecutor.EndToEnd.PodScripts;

/// <summary>A pod with one container that waits for scripts, as a job's pod has it.</summary>
internal sealed class ScriptPod : IAsyncDisposable
{
    private const string Container = "build";

    private readonly string _name = $"exec-{Guid.NewGuid():N}"[..20];

    private ScriptPod() { }

    public ExecTarget Target => new(Node.Settings.Kubernetes.Namespace, _name, Container);

    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    /// <summary>Starts it and waits until the container runs.</summary>
    /// <param name="image">What it has.</param>
    /// <param name="uid">Its user; null for the image's.</param>
    /// <param name="volumes">Whether /run/scripts and /run/output are volumes.</param>
    public static async Task<ScriptPod> Start(ContainerImage image, int? uid = null, bool volumes = true)
    {
        var pod = new ScriptPod();
        await Node.Client.CoreV1.CreateNamespacedPodAsync(
            pod.Manifest(image, uid, volumes),
            pod.Target.Namespace,
            cancellationToken: TestEnds
        );
        await Eventually.True(
            async () => (await pod.State())?.Running is not null,
            "the container runs",
            TimeSpan.FromMinutes(5)
        );
        return pod;
    }

    public PodScriptRequest Request(string script, TimeSpan? grace = null) =>
        new(new PodScriptId(Guid.NewGuid().ToString("N")), Target, Encoding.UTF8.GetBytes(script))
        {
            Grace = grace ?? TimeSpan.FromSeconds(5),
        };

    /// <summary>Runs a script over the driver's usual connection.</summary>
    public async Task<(PodScriptResult Result, string Output)> Run(string script)
    {
        using var output = new MemoryStream();
        var result = await Run(Request(script), output);
        return (result, Encoding.UTF8.GetString(output.ToArray()));
    }

    /// <summary>Runs a script that nobody cancels.</summary>
    /// <param name="request">The script.</param>
    /// <param name="output">Gets its output.</param>
    /// <param name="client">The connection; null for the driver's usual one.</param>
    public static Task<PodScriptResult> Run(PodScriptRequest request, Stream output, ClusterClient? client = null) =>
        RunUntil(request, output, client, CancellationToken.None);

    /// <summary>Runs a script that is cancelled.</summary>
    public static async Task<PodScriptResult> RunUntil(
        PodScriptRequest request,
        Stream output,
        ClusterClient? client,
        CancellationToken cancel
    ) =>
        await new PodScript(client ?? Node.Client, null, TimeProvider.System)
            .Run(request, output, cancel)
            .WaitAsync(TimeSpan.FromMinutes(6), TestEnds);

    public async Task<V1ContainerState?> State() =>
        (await Node.Client.CoreV1.ReadNamespacedPodAsync(_name, Target.Namespace, cancellationToken: TestEnds))
            .Status?.ContainerStatuses?.SingleOrDefault()
            ?.State;

    public Task Delete() =>
        Node.Client.CoreV1.DeleteNamespacedPodAsync(
            _name,
            Target.Namespace,
            new V1DeleteOptions { GracePeriodSeconds = 0 }
        );

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Delete();
        }
        catch (k8s.Autorest.HttpOperationException)
        {
            // The spec has deleted it.
        }
    }

    private V1Pod Manifest(ContainerImage image, int? uid, bool volumes) =>
        new()
        {
            Metadata = new V1ObjectMeta { Name = _name },
            Spec = new V1PodSpec
            {
                RestartPolicy = "Never",
                AutomountServiceAccountToken = false,
                TerminationGracePeriodSeconds = 1,
                Containers =
                [
                    new V1Container
                    {
                        Name = Container,
                        Image = image.Name,
                        Command = [.. image.Wait],
                        Env = image.Path is { } path ? [new V1EnvVar { Name = "PATH", Value = path }] : null,
                        SecurityContext = new V1SecurityContext
                        {
                            RunAsUser = uid,
                            ReadOnlyRootFilesystem = true,
                            AllowPrivilegeEscalation = false,
                        },
                        VolumeMounts = volumes
                            ?
                            [
                                new V1VolumeMount { Name = "scripts", MountPath = "/run/scripts" },
                                new V1VolumeMount { Name = "output", MountPath = "/run/output" },
                            ]
                            : null,
                    },
                ],
                Volumes =
                [
                    new V1Volume
                    {
                        Name = "scripts",
                        EmptyDir = new V1EmptyDirVolumeSource { Medium = "Memory" },
                    },
                    new V1Volume { Name = "output", EmptyDir = new V1EmptyDirVolumeSource() },
                ],
            },
        };
}
