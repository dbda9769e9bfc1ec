using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CustomExecutor.Core.Builder;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace CustomExecutor.Testing.Cluster;

/// <summary>One pod as its node treats it.</summary>
internal sealed class PodOnNode(V1Pod pod, CancellationToken end) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private BuildkitDaemon? _daemon;
    private bool _disposed;

    public V1Pod Pod => pod;

    private string Name => pod.Metadata.Name;

    private string Namespace => pod.Metadata.NamespaceProperty;

    /// <summary>The whole way of a pod that starts well.</summary>
    /// <param name="pull">Takes as long as the image's pull; null for no time.</param>
    public async Task StartBuildkitd(Func<Task>? pull = null)
    {
        await Schedule();
        await Event("Pulling", $"Pulling image \"{pod.Spec.Containers[0].Image}\"");
        await Waiting("ContainerCreating");
        if (pull is not null)
            await pull();
        var secret = await Secret();
        var address = BuildkitDaemon.FreshAddress();
        var daemon = BuildkitDaemon.Start(
            address,
            secret.Data.ToDictionary(d => d.Key, d => Encoding.UTF8.GetString(d.Value))
        );
        lock (_lock)
        {
            _daemon = daemon;
            if (!_disposed)
                daemon = null;
        }

        if (daemon is not null)
            await daemon.DisposeAsync();
        else
            await Running(address.ToString());
    }

    public Task Schedule() =>
        TestCluster.Admin.CoreV1.CreateNamespacedPodBindingAsync(
            new V1Binding
            {
                Metadata = new V1ObjectMeta { Name = Name },
                Target = new V1ObjectReference { Kind = "Node", Name = NodeAgent.NodeName },
            },
            Name,
            Namespace,
            cancellationToken: end
        );

    public Task NotSchedulable(string message) =>
        Status(
            new JsonObject
            {
                ["phase"] = "Pending",
                ["conditions"] = new JsonArray(
                    new JsonObject
                    {
                        ["type"] = "PodScheduled",
                        ["status"] = "False",
                        ["reason"] = "Unschedulable",
                        ["message"] = message,
                    }
                ),
            }
        );

    public Task Event(string reason, string message, string type = "Normal") =>
        TestCluster.Admin.CoreV1.CreateNamespacedEventAsync(
            new Corev1Event
            {
                Metadata = new V1ObjectMeta { Name = $"{Name}.{Guid.NewGuid():N}" },
                InvolvedObject = new V1ObjectReference
                {
                    ApiVersion = "v1",
                    Kind = "Pod",
                    Name = Name,
                    NamespaceProperty = Namespace,
                    Uid = pod.Metadata.Uid,
                },
                Reason = reason,
                Message = message,
                Type = type,
                Source = new V1EventSource { Component = "kubelet" },
            },
            Namespace,
            cancellationToken: end
        );

    public Task Waiting(string reason, string? message = null) =>
        Container(
            "Pending",
            new JsonObject
            {
                ["waiting"] = new JsonObject { ["reason"] = reason, ["message"] = message },
            }
        );

    public Task Running(string address) =>
        Container(
            "Running",
            new JsonObject { ["running"] = new JsonObject() },
            new JsonObject { ["podIP"] = address, ["podIPs"] = new JsonArray(new JsonObject { ["ip"] = address }) }
        );

    public Task Ended(int exitCode, string reason, string? message = null) =>
        Container(
            "Failed",
            new JsonObject
            {
                ["terminated"] = new JsonObject
                {
                    ["exitCode"] = exitCode,
                    ["reason"] = reason,
                    ["message"] = message,
                },
            }
        );

    /// <summary>The kubelet gives the pod up, whatever its containers are.</summary>
    public Task Failed(string reason, string message) =>
        Status(
            new JsonObject
            {
                ["phase"] = "Failed",
                ["reason"] = reason,
                ["message"] = message,
            }
        );

    /// <summary>The pod's secret, once it is there: a kubelet tries again until then.</summary>
    public async Task<V1Secret> Secret()
    {
        while (true)
        {
            try
            {
                return await TestCluster.Admin.CoreV1.ReadNamespacedSecretAsync(
                    pod.Spec.Volumes.Single(v => v.Secret is not null).Secret.SecretName,
                    Namespace,
                    cancellationToken: end
                );
            }
            catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound && !_disposed)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), end);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        BuildkitDaemon? daemon;
        lock (_lock)
            (_disposed, daemon, _daemon) = (true, _daemon, null);
        if (daemon is not null)
            await daemon.DisposeAsync();
    }

    private Task<V1Pod> Container(string phase, JsonObject state, JsonObject? more = null)
    {
        var status = more ?? [];
        status["phase"] = phase;
        status["containerStatuses"] = new JsonArray(
            new JsonObject
            {
                ["name"] = PodManifest.Container,
                ["image"] = pod.Spec.Containers[0].Image,
                ["imageID"] = "",
                ["ready"] = phase == "Running",
                ["restartCount"] = 0,
                ["state"] = state,
            }
        );
        return Status(status);
    }

    private Task<V1Pod> Status(JsonObject status) =>
        TestCluster.Admin.CoreV1.PatchNamespacedPodStatusAsync(
            new V1Patch(new JsonObject { ["status"] = status }.ToJsonString(), V1Patch.PatchType.MergePatch),
            Name,
            Namespace,
            cancellationToken: end
        );
}
