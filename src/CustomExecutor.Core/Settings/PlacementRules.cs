using CustomExecutor.Core.Kubernetes;
using static CustomExecutor.Core.Settings.SettingsMistakes;

namespace CustomExecutor.Core.Settings;

/// <summary>Checks node selector and tolerations like the API server (its <c>ValidateTolerations</c>).</summary>
internal static class PlacementRules
{
    /// <summary>Adds every mistake.</summary>
    public static void Check(BuilderSettings settings, SettingsMistakes mistakes)
    {
        foreach (var (key, value) in settings.NodeSelector)
        {
            var at = KeyPath.Of("builder.nodeSelector", key);
            if (!KubernetesNames.IsLabelKey(key))
                mistakes.Add(at, $"{Quoted(key)} is not a valid label key: {KubernetesNames.LabelKey}");
            if (value is not null and not "" && !KubernetesNames.IsLabelValue(value))
                mistakes.Add(at, $"{Quoted(value)} is not a valid label value: {KubernetesNames.LabelValue}");
        }

        for (var i = 0; i < settings.Tolerations.Count; i++)
        {
            if (settings.Tolerations[i] is { } toleration)
                CheckToleration(Item("builder.tolerations", i), toleration, mistakes);
        }
    }

    private static void CheckToleration(string path, TolerationSettings toleration, SettingsMistakes mistakes)
    {
        var (key, value) = (toleration.Key ?? "", toleration.Value ?? "");
        if (key.Length > 0 && !KubernetesNames.IsLabelKey(key))
        {
            mistakes.Add(
                KeyPath.Of(path, "key"),
                $"{Quoted(key)} is not a valid taint key: {KubernetesNames.LabelKey}"
            );
        }

        var operatorAt = KeyPath.Of(path, "operator");
        if (
            mistakes.WasRead(operatorAt)
            && mistakes.WasRead(KeyPath.Of(path, "key"))
            && key.Length == 0
            && toleration.Operator != TolerationOperator.Exists
        )
        {
            mistakes.Add(
                operatorAt,
                "without a key it must be Exists (which tolerates every taint); set a key or Exists"
            );
        }

        if (mistakes.WasRead(operatorAt) && toleration.Operator == TolerationOperator.Exists && value.Length > 0)
        {
            mistakes.Add(
                KeyPath.Of(path, "value"),
                $"{Quoted(value)} is ignored with operator Exists; leave it out or use Equal"
            );
        }
        else if (value.Length > 0 && !KubernetesNames.IsLabelValue(value))
        {
            mistakes.Add(
                KeyPath.Of(path, "value"),
                $"{Quoted(value)} is not a valid taint value: {KubernetesNames.LabelValue}"
            );
        }

        if (
            mistakes.WasRead(KeyPath.Of(path, "effect"))
            && toleration.TolerationSeconds is not null
            && toleration.Effect != TaintEffect.NoExecute
        )
        {
            mistakes.Add(
                KeyPath.Of(path, "tolerationSeconds"),
                "it needs effect NoExecute; other effects never evict a builder"
            );
        }
    }
}
