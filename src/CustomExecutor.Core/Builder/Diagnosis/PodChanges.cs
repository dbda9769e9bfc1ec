using k8s.Models;

namespace CustomExecutor.Core.Builder.Diagnosis;

/// <summary>
/// Finds what a webhook or policy of the cluster changed in the builder's pod, among the fields on which rootless
/// BuildKit depends. A pod in the cluster shows the fields after all changes, so no words of a log need to be
/// understood.
/// </summary>
internal static class PodChanges
{
    private const string Absent = "absent";

    /// <summary>Each field: the value that the driver sets, the value in the cluster, and whether BuildKit can do with
    /// that one.</summary>
    private static readonly (
        string Field,
        string Asked,
        Func<V1Pod, V1Container, string?> Value,
        Func<string?, bool> Fits
    )[] Fields =
    [
        ("securityContext.runAsUser", "1000", (p, _) => Text(p.Spec.SecurityContext?.RunAsUser), v => v == "1000"),
        ("securityContext.runAsGroup", "1000", (p, _) => Text(p.Spec.SecurityContext?.RunAsGroup), v => v == "1000"),
        ("securityContext.fsGroup", "1000", (p, _) => Text(p.Spec.SecurityContext?.FsGroup), v => v == "1000"),
        (
            "securityContext.seccompProfile.type",
            "Unconfined",
            (p, _) => p.Spec.SecurityContext?.SeccompProfile?.Type,
            v => v == "Unconfined"
        ),
        (
            "securityContext.appArmorProfile.type",
            "Unconfined",
            (p, _) => AppArmor(p),
            v => "Unconfined".Equals(v, StringComparison.OrdinalIgnoreCase)
        ),
        (
            "securityContext.seLinuxOptions.type",
            Absent,
            (p, _) => p.Spec.SecurityContext?.SeLinuxOptions?.Type,
            v => v is null
        ),
        ("hostUsers", Absent, (p, _) => Text(p.Spec.HostUsers), v => v is not "false"),
        ("hostNetwork", Absent, (p, _) => Text(p.Spec.HostNetwork), v => v is not "true"),
        ("runtimeClassName", Absent, (p, _) => p.Spec.RuntimeClassName, v => v is null),
        ("restartPolicy", "Never", (p, _) => p.Spec.RestartPolicy, v => v == "Never"),
        (
            "volumes",
            "config, state",
            (p, _) => Names(p.Spec.Volumes?.Where(IsOwn).Select(v => v.Name)),
            v => v == "config, state"
        ),
        (
            "container.securityContext.runAsUser",
            Absent,
            (_, c) => Text(c.SecurityContext?.RunAsUser),
            v => v is null or "1000"
        ),
        (
            "container.securityContext.runAsGroup",
            Absent,
            (_, c) => Text(c.SecurityContext?.RunAsGroup),
            v => v is null or "1000"
        ),
        (
            "container.securityContext.allowPrivilegeEscalation",
            "true",
            (_, c) => Text(c.SecurityContext?.AllowPrivilegeEscalation),
            v => v == "true"
        ),
        (
            "container.securityContext.capabilities.add",
            "SETGID, SETUID",
            (_, c) => Names(c.SecurityContext?.Capabilities?.Add),
            HasBothCapabilities
        ),
        (
            "container.securityContext.readOnlyRootFilesystem",
            Absent,
            (_, c) => Text(c.SecurityContext?.ReadOnlyRootFilesystem),
            v => v is not "true"
        ),
        (
            "container.securityContext.seccompProfile.type",
            Absent,
            (_, c) => c.SecurityContext?.SeccompProfile?.Type,
            v => v is null or "Unconfined"
        ),
        (
            "container.securityContext.appArmorProfile.type",
            Absent,
            (_, c) => c.SecurityContext?.AppArmorProfile?.Type,
            v => v is null or "Unconfined"
        ),
        (
            "container.securityContext.seLinuxOptions.type",
            Absent,
            (_, c) => c.SecurityContext?.SeLinuxOptions?.Type,
            v => v is null
        ),
        ("container.command", Absent, (_, c) => Names(c.Command), v => v is null),
        (
            "container.args",
            "buildkitd's addresses, certificates and --oci-worker-no-process-sandbox",
            (_, c) => Names(c.Args),
            HasOwnArguments
        ),
        (
            "container.volumeMounts",
            Mounts,
            (_, c) => Names(c.VolumeMounts?.Where(m => m.Name is "config" or "state").Select(m => m.MountPath)),
            v => v == Mounts
        ),
        // Names alone: values may be secret.
        ("container.env", Absent, (_, c) => Names(c.Env?.Select(e => e.Name)), v => v is null),
    ];

    private const string Mounts = PodManifest.SecretPath + ", " + PodManifest.StatePath;

    /// <summary>A sentence that names the fields, with the remedy; null if no such field was changed.</summary>
    public static string? Of(V1Pod pod)
    {
        // A job's pod sets these container by container.
        if (pod.Metadata.Labels?.ContainsKey(BuilderLabels.RunIn) == true)
            return null;
        if (pod.Spec.Containers?.FirstOrDefault(c => c.Name == PodManifest.Container) is not { } container)
            return null;
        var changed = Fields
            .Select(f => (f.Field, f.Asked, Value: f.Value(pod, container), f.Fits))
            .Where(f => !f.Fits(f.Value))
            .Select(f =>
                $"{f.Field} is {DisplayText.Of(f.Value ?? Absent, 100)} (the driver sets "
                + $"{(f.Asked == Absent ? "none" : f.Asked)})"
            )
            .ToList();
        return changed.Count == 0
            ? null
            : $"A webhook or policy of the cluster changed the builder's pod: {string.Join(", ", changed)}. Exempt "
                + "the builders' namespace from it, or ask its owner.";
    }

    /// <summary>Before 1.30 an annotation says it.</summary>
    private static string? AppArmor(V1Pod pod) =>
        pod.Spec.SecurityContext?.AppArmorProfile?.Type
        ?? pod.Metadata.Annotations?.FirstOrDefault(a =>
            a.Key == BuilderLabels.AppArmorPrefix + PodManifest.Container
        ).Value;

    private static bool IsOwn(V1Volume volume) =>
        volume is { Name: "config", Secret: not null } or { Name: "state", EmptyDir: not null };

    private static bool HasBothCapabilities(string? added) =>
        added?.Split(", ") is { } names && names.Contains("SETGID") && names.Contains("SETUID");

    private static bool HasOwnArguments(string? arguments) =>
        arguments is not null && PodManifest.Arguments.All(a => arguments.Contains(a, StringComparison.Ordinal));

    private static string? Names(IEnumerable<string>? names) =>
        names?.Order(StringComparer.Ordinal).ToList() is { Count: > 0 } list ? string.Join(", ", list) : null;

    private static string? Text(bool? value) =>
        value switch
        {
            true => "true",
            false => "false",
            null => null,
        };

    private static string? Text(long? value) => value?.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
