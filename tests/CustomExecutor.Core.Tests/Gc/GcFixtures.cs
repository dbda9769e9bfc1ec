using System.Globalization;
using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Builder;
using k8s.Models;

namespace CustomExecutor.Core.Tests.Gc;

/// <summary>A job of an hour: its record and its builder's pod, both of <see cref="Began"/>.</summary>
internal static class GcFixtures
{
    public const string Attempt = "/tmp/custom-executor1234";

    public static readonly DateTimeOffset Clock = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static readonly HostTime Began = new(Clock, TimeSpan.FromDays(20), "boot-1", "machine-1");

    public static readonly AttemptRecord Sound = new()
    {
        JobId = 7,
        Instance = "gitlab",
        Namespace = "gitlab-builders",
        Builder = "k8s-builder-7-bcdfghjk",
        AttemptDirectory = Attempt,
        AttemptParent = "8:1:2",
        WorkspaceRoot = "/srv/workspaces",
        Began = Began,
        Lifetime = TimeSpan.FromMinutes(70),
    };

    /// <summary>The same host so much later.</summary>
    public static HostTime After(double minutes) =>
        Began with
        {
            Clock = Clock.AddMinutes(minutes),
            AfterBoot = Began.AfterBoot + TimeSpan.FromMinutes(minutes),
        };

    /// <param name="expires">Minutes after the creation, by the clock of the host that made it; null for no
    /// annotation.</param>
    /// <param name="deadline">activeDeadlineSeconds, in minutes; null for none.</param>
    public static V1Pod Pod(double? expires = 70, double? deadline = 65) =>
        new()
        {
            Metadata = new V1ObjectMeta
            {
                Name = Sound.Builder,
                CreationTimestamp = Clock.UtcDateTime,
                Labels = new Dictionary<string, string> { [BuilderLabels.JobId] = "7" },
                Annotations = expires is { } minutes
                    ? new Dictionary<string, string>
                    {
                        [BuilderLabels.ExpiresAt] = Clock
                            .AddMinutes(minutes)
                            .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                    }
                    : null,
            },
            Spec = new V1PodSpec { ActiveDeadlineSeconds = (long?)(deadline * 60) },
        };
}
