using k8s;
using k8s.Models;

namespace CustomExecutor.Testing.Cluster;

/// <summary>Rights in one namespace.</summary>
internal static class RoleGrant
{
    /// <summary>Creates a role and its binding, both of the subject's name.</summary>
    /// <param name="client">An administrator.</param>
    /// <param name="namespace">Where the rights hold.</param>
    /// <param name="subject">Who gets them.</param>
    /// <param name="rules">The rights.</param>
    public static async Task Create(
        IKubernetes client,
        string @namespace,
        Rbacv1Subject subject,
        params V1PolicyRule[] rules
    )
    {
        var meta = new V1ObjectMeta { Name = subject.Name };
        await client.RbacAuthorizationV1.CreateNamespacedRoleAsync(
            new V1Role { Metadata = meta, Rules = rules },
            @namespace
        );
        await client.RbacAuthorizationV1.CreateNamespacedRoleBindingAsync(
            new V1RoleBinding
            {
                Metadata = meta,
                RoleRef = new V1RoleRef
                {
                    ApiGroup = "rbac.authorization.k8s.io",
                    Kind = "Role",
                    Name = subject.Name,
                },
                Subjects = [subject],
            },
            @namespace
        );
    }
}
