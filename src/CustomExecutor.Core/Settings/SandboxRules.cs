using static CustomExecutor.Core.Settings.SettingsMistakes;

namespace CustomExecutor.Core.Settings;

/// <summary>Checks the sandbox's lists.</summary>
internal static class SandboxRules
{
    /// <summary>Adds every mistake.</summary>
    public static void Check(DriverSettings settings, SettingsMistakes mistakes)
    {
        var (hide, allow) = (settings.ScriptSandbox.Hide, settings.ScriptSandbox.Allow);
        for (var i = 0; i < hide.Count; i++)
        {
            var at = Item("scriptSandbox.hide", i);
            if (SettingsRules.AbsolutePath(at, hide[i], mistakes) && SandboxPath.Plain(hide[i]) == "/")
                mistakes.Add(at, $"{Quoted(hide[i])} would leave a script nothing to run; name only the paths to hide");
        }

        for (var i = 0; i < allow.Count; i++)
        {
            if (SettingsRules.AbsolutePath(Item("scriptSandbox.allow", i), allow[i], mistakes))
                CheckAllowed(i, allow[i], settings, mistakes);
        }
    }

    private static void CheckAllowed(int index, string path, DriverSettings settings, SettingsMistakes mistakes)
    {
        var at = Item("scriptSandbox.allow", index);
        if (
            settings.ScriptSandbox.Hide.Any(hidden =>
                hidden is not null && SandboxPath.Plain(hidden) == SandboxPath.Plain(path)
            )
        )
        {
            mistakes.Add(at, $"{Quoted(path)} is also in scriptSandbox.hide; remove one of them");
        }

        foreach (
            var (key, root) in new[]
            {
                ("workspace.root", settings.Workspace.Root),
                ("workspace.cacheRoot", settings.Workspace.CacheRoot),
            }
        )
        {
            if (
                root is not null
                && mistakes.WasRead(key)
                && SandboxPath.IsWithin(SandboxPath.Plain(path), SandboxPath.Plain(root))
            )
            {
                mistakes.Add(
                    at,
                    $"{Quoted(path)} is in {key} ({DisplayText.Of(root)}) with other jobs' files; leave it out, a "
                        + "job can access its own files anyway"
                );
            }
        }
    }
}
