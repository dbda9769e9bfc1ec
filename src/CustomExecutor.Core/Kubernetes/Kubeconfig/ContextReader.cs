namespace CustomExecutor.Core.Kubernetes.Kubeconfig;

/// <summary>
/// Turns a context of merged kubeconfig files into a connection. Only the entries that this context refers to are
/// checked, as in client-go.
/// </summary>
internal sealed class ContextReader(
    KubeconfigEntries entries,
    KubeconfigMistakes mistakes,
    Func<string, FileContent> read
)
{
    /// <summary>The connection; null if there was a mistake.</summary>
    /// <param name="first">The file to name in a mistake that belongs to no other file.</param>
    /// <param name="wanted">The context in the settings, or null.</param>
    public ClusterConnection? Read(string first, string? wanted)
    {
        if ((wanted ?? entries.CurrentContext) is not { } name)
        {
            mistakes.Add(
                first,
                "current-context",
                $"no context is chosen: set it, or kubernetes.context in the settings. {Contexts()}"
            );
            return null;
        }

        if (!entries.Contexts.TryGetValue(name, out var context))
        {
            var field = wanted is null ? "current-context" : "contexts";
            mistakes.Add(first, field, $"there is no context \"{DisplayText.Of(name)}\". {Contexts()}");
            return null;
        }

        return Read(name, context);
    }

    private ClusterConnection? Read(string name, KubeconfigContext context)
    {
        var at = KubeconfigMistakes.Path("contexts", name);
        if (entries.Clusters.GetValueOrDefault(context.Cluster ?? "") is not { } cluster)
        {
            mistakes.Add(
                context.File,
                KubeconfigMistakes.Path(at, "cluster"),
                $"there is no cluster \"{DisplayText.Of(context.Cluster ?? "")}\". Correct the name or add the cluster."
            );
            return null;
        }

        var clusters = new ClusterReader(
            cluster,
            KubeconfigMistakes.Path("clusters", context.Cluster ?? ""),
            mistakes,
            read
        );
        if (clusters.Server() is not { } server)
            return null;
        var connection = clusters.Read(server, $"context \"{DisplayText.Of(name)}\" of {DisplayText.Of(context.File)}");
        var user = entries.Users.GetValueOrDefault(context.User ?? "");
        if (user is not null)
        {
            var users = new UserReader(user, KubeconfigMistakes.Path("users", context.User ?? ""), mistakes, read);
            // client-go does not send credentials over an unencrypted connection.
            return connection with
            {
                User = ClusterReader.Login(server, users.Read(secure: server.Scheme == Uri.UriSchemeHttps, cluster)),
            };
        }

        // kubectl would prompt for a user name, which the driver cannot do.
        if (server.Scheme == Uri.UriSchemeHttps)
        {
            mistakes.Add(
                context.File,
                KubeconfigMistakes.Path(at, "user"),
                context.User is null
                    ? "is missing. Name a user that has credentials."
                    : $"there is no user \"{DisplayText.Of(context.User)}\". Correct the name or add the user."
            );
        }

        return connection;
    }

    private string Contexts()
    {
        var names = entries
            .Contexts.Keys.Order(StringComparer.Ordinal)
            .Take(10)
            .Select(name => $"\"{DisplayText.Of(name)}\"")
            .ToList();
        return names.Count == 0
            ? "The file has no contexts; is it complete?"
            : $"The contexts are {string.Join(", ", names)}.";
    }
}
