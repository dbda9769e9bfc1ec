namespace CustomExecutor.Core.Builder.Diagnosis;

/// <summary>
/// Why a rootless buildkitd does not start, by what rootlesskit, newuidmap and buildkitd print. The driver's own pod
/// asks for what they need: most of these mean that the nodes forbid it, or that a policy of the cluster changed the
/// pod.
/// </summary>
internal static class StartFailures
{
    private const string PolicyChangedIt =
        "The driver asks for it; has a policy of the cluster changed the pod (kubectl get pod -o yaml)?";

    /// <summary>First match wins: rootlesskit's own hints come before the system's error numbers. All words of a row
    /// must occur.</summary>
    private static readonly (string[] Words, string Sentence)[] Known =
    [
        (
            ["apparmor_restrict_unprivileged_userns"],
            "The node's AppArmor forbids rootless user namespaces: set the sysctl "
                + "kernel.apparmor_restrict_unprivileged_userns=0 on the nodes (Ubuntu 24.04 sets 1), "
                + $"{Advice.OtherNodes}."
        ),
        (["max_user_namespaces needs to be set"], MaxUserNamespaces),
        (["/proc/self/exe: no space left on device"], MaxUserNamespaces),
        (["/proc/self/exe: invalid argument"], MaxUserNamespaces),
        (
            ["unprivileged_userns_clone needs to be set"],
            "The node's kernel forbids rootless user namespaces: set the sysctl "
                + $"kernel.unprivileged_userns_clone=1 on the nodes, {Advice.OtherNodes}."
        ),
        (
            ["/proc/self/exe: operation not permitted"],
            "Something forbids user namespaces: a seccomp profile (the builder needs seccompProfile Unconfined; "
                + $"{PolicyChangedIt}) or the node's sysctl kernel.unprivileged_userns_clone=0."
        ),
        (
            ["/proc/self/exe: permission denied"],
            "AppArmor or SELinux forbids user namespaces on the node: the sysctl "
                + $"kernel.apparmor_restrict_unprivileged_userns=0 lifts it on Ubuntu, {Advice.OtherNodes}."
        ),
        (
            ["failed to share mount point"],
            $"An AppArmor profile forbids mounts: the builder needs appArmorProfile Unconfined. {PolicyChangedIt}"
        ),
        (["newuidmap", "executable file not found"], RootlessImage),
        (["newgidmap", "executable file not found"], RootlessImage),
        (["rootless mode requires to be executed as the mapped root"], RootlessImage),
        (
            ["No subuid ranges found"],
            "The image has no subordinate ids for the user 1000 (/etc/subuid): builder.image must be an image of "
                + "rootless BuildKit (a tag that ends in -rootless)."
        ),
        (
            ["No subgid ranges found"],
            "The image has no subordinate ids for the user 1000 (/etc/subgid): builder.image must be an image of "
                + "rootless BuildKit (a tag that ends in -rootless)."
        ),
        (
            ["/newuidmap: operation not permitted"],
            "newuidmap is not allowed to use its capabilities: the builder needs SETUID and SETGID, and "
                + $"allowPrivilegeEscalation. {PolicyChangedIt}"
        ),
        (
            ["/newgidmap: operation not permitted"],
            "newgidmap is not allowed to use its capabilities: the builder needs SETUID and SETGID, and "
                + $"allowPrivilegeEscalation. {PolicyChangedIt}"
        ),
        (
            ["uid_map", "operation not permitted"],
            "newuidmap may not map the builder's ids: allowPrivilegeEscalation false (no_new_privs) forbids it, "
                + $"or the pod's own user namespace lacks them. {PolicyChangedIt}"
        ),
        (
            ["gid_map", "operation not permitted"],
            "newgidmap may not map the builder's ids: allowPrivilegeEscalation false (no_new_privs) forbids it, "
                + $"or the pod's own user namespace lacks them. {PolicyChangedIt}"
        ),
        (
            ["uid_map failed: invalid argument"],
            "The ids in the image's /etc/subuid lie outside the pod's user namespace."
        ),
        (
            ["read-only file system"],
            $"The builder's root file system is read-only: it needs readOnlyRootFilesystem false. {PolicyChangedIt}"
        ),
        (
            ["Options:[rbind ro]}]: operation not permitted"],
            $"The builder's state is not on a volume: the pod needs its emptyDir. {PolicyChangedIt}"
        ),
        (
            ["/.local/share/buildkit", "permission denied"],
            $"The builder can't write to its state volume: the pod needs fsGroup 1000. {PolicyChangedIt}"
        ),
        (
            ["flag provided but not defined"],
            "buildkitd does not know a flag: check builder.buildkitdFlags, and whether builder.image is recent "
                + "enough for them."
        ),
        (["invalid value", "for flag"], "buildkitd does not take a flag's value: check builder.buildkitdFlags."),
        (
            ["failed to parse config"],
            "buildkitd can't read its buildkitd.toml: check the file that builder.buildkitdConfig names."
        ),
        (
            ["no worker found"],
            "buildkitd can't run containers: does builder.image have runc, and does builder.buildkitdConfig or "
                + "builder.buildkitdFlags switch the OCI worker off?"
        ),
        (
            [":1234", "address already in use"],
            "Port 1234 is taken: a second --addr in builder.buildkitdFlags, or a policy of the cluster that put "
                + "the pod on the host's network."
        ),
        (
            ["address already in use"],
            "buildkitd can't listen at the address that its log names, which is taken: by another container of the "
                + "job's pod, or on the host's network, if a policy of the cluster put the pod there."
        ),
        (
            ["exec format error"],
            "builder.image is not for this node's architecture: set builder.nodeSelector, like "
                + "\"kubernetes.io/arch\": \"amd64\"."
        ),
        (["no space left on device"], "The builder's disk is full: builder.stateSizeLimit, or the node's own."),
    ];

    private const string MaxUserNamespaces =
        "The node allows no (more) user namespaces: set the sysctl user.max_user_namespaces (28633, say) on the "
        + $"nodes, {Advice.OtherNodes}.";

    private const string RootlessImage =
        "builder.image must be an image of rootless BuildKit (a tag that ends in -rootless).";

    /// <summary>Cause and remedy in full sentences, or null for what is not known.</summary>
    public static string? Explain(string log)
    {
        foreach (var (words, sentence) in Known)
        {
            if (words.All(w => log.Contains(w, StringComparison.OrdinalIgnoreCase)))
                return sentence;
        }

        return null;
    }
}
