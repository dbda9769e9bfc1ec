using CustomExecutor.Core.Settings;

namespace CustomExecutor.Core.JobPod;

/// <summary>As whom a container runs and what its processes may do.</summary>
/// <param name="User">The user's number, or null for the image's own user.</param>
/// <param name="Group">The group's number, or null for the one of the image's user.</param>
/// <param name="DropCapabilities">Capabilities that it lacks.</param>
/// <param name="AddCapabilities">Capabilities that it has all the same.</param>
/// <param name="NonRoot">Whether the node refuses to run it as root.</param>
/// <param name="ReadOnlyRoot">Whether it can write to its volumes alone.</param>
public sealed record ContainerConfinement(
    long? User,
    long? Group,
    IReadOnlyList<string> DropCapabilities,
    IReadOnlyList<string> AddCapabilities,
    bool NonRoot,
    bool ReadOnlyRoot = false
)
{
    /// <summary>The user of the driver's own containers, and of restricted ones that name none.</summary>
    private const long Ordinary = 1000;

    /// <summary>
    /// Root, for the author's container may run as any user and both write into the checkout (GitLab's helper is root
    /// as well). It may only get around the owners and modes of files: authors' commands
    /// (<c>hooks:pre_get_sources_script</c>) run in it too.
    /// </summary>
    public static ContainerConfinement Helper { get; } =
        new(0, 0, ["ALL"], ["CHOWN", "DAC_OVERRIDE", "FOWNER"], NonRoot: false);

    /// <summary>Copies two files.</summary>
    public static ContainerConfinement Tools { get; } = new(Ordinary, Ordinary, ["ALL"], [], NonRoot: true);

    /// <summary>The Docker Engine API parses archives that the author made.</summary>
    public static ContainerConfinement Engine { get; } =
        new(Ordinary, Ordinary, ["ALL"], [], NonRoot: true, ReadOnlyRoot: true);

    /// <summary>A container of the author's.</summary>
    /// <param name="context">The admin's choice.</param>
    /// <param name="user">As whom it is to run.</param>
    public static ContainerConfinement Author(JobSecurityContext context, ContainerUser user) =>
        context switch
        {
            // What Pod Security's level restricted asks; 1000, since the image's own user may be root or a name, which
            // the node then refuses.
            JobSecurityContext.Restricted => new(
                user.User ?? Ordinary,
                user.Group ?? (user.User is null ? Ordinary : null),
                ["ALL"],
                [],
                NonRoot: true
            ),
            // The Kubernetes executor's default (defaultCapDrop in GitLab Runner's source).
            _ => new(user.User, user.Group, ["NET_RAW"], [], NonRoot: false),
        };
}

/// <summary>A user's and a group's number; null for what the image says.</summary>
public readonly record struct ContainerUser(long? User, long? Group);
