using System.Security.Cryptography;
using CustomExecutor.Core;
using CustomExecutor.Core.Builder;
using k8s;
using k8s.Models;

namespace CustomExecutor.Kubernetes;

/// <summary>
/// Creates an object that an earlier try may have created already: a request that got no answer may have been carried
/// out, and the HTTP client itself sends one again if its connection broke. The name is the same in each try, so there
/// is never a second object.
/// </summary>
internal static class IdempotentCreate
{
    /// <summary>Marks a pod, once for all tries to create it.</summary>
    public static void Mark(V1Pod pod)
    {
        pod.Metadata.Annotations ??= new Dictionary<string, string>();
        pod.Metadata.Annotations[BuilderLabels.CreationId] = RandomNumberGenerator.GetHexString(32, lowercase: true);
    }

    /// <summary>The pod, made now or by an earlier try. One of the same name that does not bear this pod's mark is
    /// somebody else's.</summary>
    public static async Task<V1Pod> Pod(k8s.Kubernetes client, string @namespace, V1Pod pod, CancellationToken cancel)
    {
        try
        {
            return await Answers.Pod(
                client.CoreV1.CreateNamespacedPodAsync(pod, @namespace, cancellationToken: cancel),
                pod.Metadata.Name
            );
        }
        catch (Exception e) when (ApiFaultReader.IsAlreadyExists(e))
        {
            var there = await Read(client, @namespace, pod.Metadata.Name, cancel);
            if (MarkOf(there) == MarkOf(pod))
                return there;
            throw;
        }
    }

    /// <summary>
    /// The secret, made now. The driver has no right to read one, so it can't tell who made a secret of that name;
    /// deleting it and making it anew is always right, for its name is this attempt's. A kubelet that has mounted the
    /// first one has the same files.
    /// </summary>
    public static async Task<V1Secret> Secret(
        k8s.Kubernetes client,
        string @namespace,
        V1Secret secret,
        CancellationToken cancel
    )
    {
        try
        {
            return await Created();
        }
        catch (Exception e) when (ApiFaultReader.IsAlreadyExists(e))
        {
            await IdempotentDelete.Run(() =>
                Answers.DeletedSecret(
                    client.CoreV1.DeleteNamespacedSecretAsync(
                        secret.Metadata.Name,
                        @namespace,
                        cancellationToken: cancel
                    )
                )
            );
            return await Created();
        }

        Task<V1Secret> Created() =>
            Answers.Secret(
                client.CoreV1.CreateNamespacedSecretAsync(secret, @namespace, cancellationToken: cancel),
                secret.Metadata.Name
            );
    }

    private static async Task<V1Pod> Read(
        k8s.Kubernetes client,
        string @namespace,
        string name,
        CancellationToken cancel
    )
    {
        try
        {
            return await Answers.Pod(
                client.CoreV1.ReadNamespacedPodAsync(name, @namespace, cancellationToken: cancel),
                name
            );
        }
        catch (Exception e) when (ApiExceptions.IsNotFound(e))
        {
            // No other one is made: somebody wanted this one gone.
            throw new DriverException(
                $"The builder pod {name} was deleted by somebody else as soon as it was created.",
                inner: e
            );
        }
    }

    private static string? MarkOf(V1Pod pod) =>
        pod.Metadata.Annotations?.TryGetValue(BuilderLabels.CreationId, out var mark) == true ? mark : null;
}
