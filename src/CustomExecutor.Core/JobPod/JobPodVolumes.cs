using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Settings;
using k8s.Models;

namespace CustomExecutor.Core.JobPod;

/// <summary>The volumes of a job's pod, and what of them each container gets.</summary>
internal sealed class JobPodVolumes(JobPodSpec spec)
{
    private const string JobVolumeName = "job";
    private const string ToolsVolume = "tools";
    private const string ScriptsOfHelper = "scripts-helper";
    private const string ScriptsOfBuild = "scripts-build";

    /// <summary>The builder's socket, docker's and buildx's configuration.</summary>
    public static V1VolumeMount Job => Mount(JobVolumeName, JobPodPaths.Job);

    /// <summary>All volumes.</summary>
    public List<V1Volume> All =>
        [
            Config(),
            PodFrame.State(spec.Builder),
            Memory(JobVolumeName),
            Bounded(DiskVolumes.Builds, spec.VolumeSizeLimit),
            .. HasOwnCache ? [Bounded(DiskVolumes.Cache, spec.VolumeSizeLimit)] : (V1Volume[])[],
            .. HasOwnTemporary ? [Bounded(DiskVolumes.Temporary, spec.VolumeSizeLimit)] : (V1Volume[])[],
            Tools(),
            // Texts of scripts hold secrets; each container sees its own alone.
            Memory(ScriptsOfHelper),
            Memory(ScriptsOfBuild),
            // A gigabyte of output must not count as memory.
            Bounded(DiskVolumes.OutputOfHelper, spec.VolumeSizeLimit),
            Bounded(DiskVolumes.OutputOfBuild, spec.VolumeSizeLimit),
            .. spec.Engine is null ? (V1Volume[])[] : [Bounded(DiskVolumes.Images, spec.Engine.StoreSizeLimit)],
            .. spec.Volumes.Select(Added),
        ];

    /// <summary>The helper's.</summary>
    public List<V1VolumeMount> OfHelper =>
        [
            Job,
            Mount(DiskVolumes.Builds, JobPodPaths.Builds),
            .. CacheMounts,
            Mount(ScriptsOfHelper, JobPodPaths.Scripts),
            Mount(DiskVolumes.OutputOfHelper, JobPodPaths.Output),
            .. AddedMounts,
        ];

    /// <summary>The build container's.</summary>
    public List<V1VolumeMount> OfBuild =>
        [
            Job,
            Mount(DiskVolumes.Builds, JobPodPaths.Builds),
            .. CacheMounts,
            .. HasOwnTemporary ? [Mount(DiskVolumes.Temporary, JobPodPaths.Temporary)] : (V1VolumeMount[])[],
            Mount(ScriptsOfBuild, JobPodPaths.Scripts),
            Mount(DiskVolumes.OutputOfBuild, JobPodPaths.Output),
            ReadOnly(Mount(ToolsVolume, JobPodPaths.Tools)),
            .. AddedMounts,
        ];

    /// <summary>A service's: it sees the checkout, as with the Kubernetes executor.</summary>
    public List<V1VolumeMount> OfService => [Mount(DiskVolumes.Builds, JobPodPaths.Builds), .. AddedMounts];

    /// <summary>The Docker Engine API's: it talks to registries as the builder's configuration says.</summary>
    public static List<V1VolumeMount> OfEngine =>
        [Job, Mount(DiskVolumes.Images, JobPodPaths.EngineStore), PodFrame.ConfigMount];

    /// <summary>The init container's.</summary>
    public static List<V1VolumeMount> OfTools => [Mount(ToolsVolume, JobPodPaths.Tools)];

    private bool HasOwnCache => !IsAdded(JobPodPaths.Cache);

    /// <summary>Most programs need a place for temporary files.</summary>
    private bool HasOwnTemporary => spec.Build.Confinement.ReadOnlyRoot && !IsAdded(JobPodPaths.Temporary);

    private bool IsAdded(string path) => spec.Volumes.Any(volume => JobVolume.IsAt(volume.Settings, path));

    private V1VolumeMount[] CacheMounts => HasOwnCache ? [Mount(DiskVolumes.Cache, JobPodPaths.Cache)] : [];

    private IEnumerable<V1VolumeMount> AddedMounts =>
        spec.Volumes.Select(volume =>
        {
            var mount = Mount(volume.Name, volume.Settings.MountPath);
            mount.SubPath = volume.SubPath;
            return volume.Settings.PersistentVolumeClaim is null || volume.Settings.ReadOnly ? ReadOnly(mount) : mount;
        });

    /// <summary>Of the secret, which also holds the pull credentials, the builder gets its configuration
    /// alone.</summary>
    private V1Volume Config()
    {
        var volume = PodFrame.Config(spec.Builder);
        volume.Secret.Items = [new V1KeyToPath { Key = SecretManifest.Toml, Path = SecretManifest.Toml }];
        return volume;
    }

    private V1Volume Tools() =>
        spec.Tools.From == ToolDelivery.Image
            ? new V1Volume
            {
                Name = ToolsVolume,
                Image = new V1ImageVolumeSource
                {
                    Reference = spec.Tools.Container.Image,
                    PullPolicy = spec.Tools.PullPolicy.ToString(),
                },
            }
            : Disk(ToolsVolume);

    private static V1Volume Added(JobVolume volume) =>
        new()
        {
            Name = volume.Name,
            PersistentVolumeClaim = volume.Settings.PersistentVolumeClaim is { } claim
                ? new V1PersistentVolumeClaimVolumeSource
                {
                    ClaimName = claim,
                    ReadOnlyProperty = volume.Settings.ReadOnly ? true : null,
                }
                : null,
            ConfigMap = volume.Settings.ConfigMap is { } map ? new V1ConfigMapVolumeSource { Name = map } : null,
            Secret = volume.Settings.Secret is { } secret ? new V1SecretVolumeSource { SecretName = secret } : null,
        };

    private static V1Volume Bounded(string name, string size) =>
        new()
        {
            Name = name,
            EmptyDir = new V1EmptyDirVolumeSource { SizeLimit = new ResourceQuantity(size) },
        };

    private static V1Volume Disk(string name) => new() { Name = name, EmptyDir = new V1EmptyDirVolumeSource() };

    private static V1Volume Memory(string name) =>
        new()
        {
            Name = name,
            EmptyDir = new V1EmptyDirVolumeSource { Medium = "Memory" },
        };

    private static V1VolumeMount Mount(string volume, string path) => new() { Name = volume, MountPath = path };

    private static V1VolumeMount ReadOnly(V1VolumeMount mount)
    {
        mount.ReadOnlyProperty = true;
        return mount;
    }
}
