using System.Globalization;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Kubernetes;
using CustomExecutor.Core.Settings;

namespace CustomExecutor.Core.Attempt;

/// <summary>What a record may say.</summary>
internal static class RecordRules
{
    private const int LongestDays = 36500;

    /// <summary>What is wrong with a record, as the rest of a sentence about it; null if prepare can have written
    /// it.</summary>
    /// <param name="record">As it was read; any value may be null.</param>
    /// <param name="name">The name that it must have.</param>
    /// <param name="directory">The attempt's directory that it must name; null for any that a runner makes.</param>
    public static string? Mistake(AttemptRecord record, string name, string? directory) =>
        record switch
        {
            { AttemptParent: null } or { Began: null } or { Began.Boot: null } or { Began.Machine: null } =>
                "is damaged (a null)",
            // What can be reckoned with.
            { Lifetime.TotalDays: <= 0 or > LongestDays }
            or { Began: { AfterBoot.TotalDays: < 0 or > LongestDays } or { Clock.Year: < 1970 or > 5000 } } =>
                "is damaged (a time that can't be)",
            _ when JobOf(name) is var job && record.JobId.ToString(CultureInfo.InvariantCulture) != job =>
                $"is of job {record.JobId}, but this is job {job}",
            _ when !DnsLabel.IsOne(record.Namespace) => Names(record.Namespace, "a namespace"),
            _ when !BuilderPlanner.IsNameOf(record.JobId, record.Builder) => Names(
                record.Builder,
                $"a builder of job {record.JobId}"
            ),
            _ when record.Instance is null || !KubernetesNames.IsLabelValue(record.Instance) => Names(
                record.Instance,
                "an instance"
            ),
            _ when !IsDirectory(record.AttemptDirectory, directory) => Names(
                record.AttemptDirectory,
                directory is null ? "a directory that a runner makes" : "this attempt's directory"
            ),
            _ when !IsPath(record.WorkspaceRoot) => Names(record.WorkspaceRoot, "a workspace root"),
            _ when record.Kubeconfig is not null && !IsPath(record.Kubeconfig) => Names(
                record.Kubeconfig,
                "a kubeconfig's path"
            ),
            _ when record.Name != name => "is of another attempt than its place says",
            _ => null,
        };

    private static string Names(string? value, string what) =>
        $"names '{DisplayText.Of(value ?? "")}', which is not {what}";

    private static string JobOf(string name) => name.Split('-')[0];

    private static bool IsDirectory(string? path, string? known) =>
        known is null ? AttemptDirectoryName.IsOne(path) : path == known;

    /// <summary>By the settings' own rule.</summary>
    private static bool IsPath(string? path) => SettingsRules.AbsolutePath("", path, new SettingsMistakes());
}
