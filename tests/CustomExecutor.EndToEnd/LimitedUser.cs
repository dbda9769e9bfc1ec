using CustomExecutor.Testing.Cluster;
using k8s;
using k8s.Models;

namespace CustomExecutor.EndToEnd;

/// <summary>A user of the real node's cluster who has the driver's rights but for some.</summary>
internal sealed class LimitedUser : IAsyncDisposable
{
    private readonly string _name = $"limited-{Guid.NewGuid():N}";

    private LimitedUser() { }

    private static string Namespace => Node.Settings.Kubernetes.Namespace;

    /// <summary>The administrator's kubeconfig as this user.</summary>
    public string Kubeconfig =>
        File.ReadAllText(Node.Settings.Kubernetes.Kubeconfig!)
            .Replace("user: {client-", $"user: {{as: {_name}, client-", StringComparison.Ordinal);

    /// <param name="resource">What the user may not touch, like <c>pods/log</c>.</param>
    public static async Task<LimitedUser> Without(string resource)
    {
        var user = new LimitedUser();
        await RoleGrant.Create(
            Node.Client,
            Namespace,
            new Rbacv1Subject
            {
                ApiGroup = "rbac.authorization.k8s.io",
                Kind = "User",
                Name = user._name,
            },
            [.. DriverRole.Rules.Where(r => !r.Resources.Contains(resource))]
        );
        return user;
    }

    public async ValueTask DisposeAsync()
    {
        await Node.Client.RbacAuthorizationV1.DeleteNamespacedRoleBindingAsync(_name, Namespace);
        await Node.Client.RbacAuthorizationV1.DeleteNamespacedRoleAsync(_name, Namespace);
    }
}
