using CustomExecutor.Testing.Faults;

namespace CustomExecutor.Tests.Kubernetes.Faults;

/// <summary>What may come with status 200 in the place of an answer.</summary>
internal static class GarbledAnswers
{
    /// <summary>Texts of another origin.</summary>
    public static readonly string[] Texts =
    [
        "",
        "{}",
        "null",
        "[]",
        "[null]",
        "true",
        "17",
        "1e999",
        "\"text\"",
        "OK",
        "<html>Please log in</html>",
        "{\"kind\":",
        """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"a secret of the proxy","code":500}""",
        """{"kind":"PodList","items":null}""",
        """{"kind":"PodList","items":[null]}""",
        """{"kind":"PodList","items":[{}]}""",
        """{"kind":"PodList","items":{}}""",
        """{"kind":"Pod","metadata":null,"spec":null,"status":null}""",
        """{"kind":"Pod","metadata":{"name":5,"uid":[],"resourceVersion":{}}}""",
        """{"kind":"Secret","metadata":{}}""",
        """{"kind":"Namespace","apiVersion":"v1","metadata":{"name":"other","uid":"1","resourceVersion":"1"}}""",
        """{"major":1,"minor":20}""",
        """{"major":"","minor":"20+"}""",
        """{"major":"99999999999999999999","minor":"x"}""",
        """{"type":"ADDED"}""",
        """{"type":"ADDED","object":null}""",
        """{"type":"ADDED","object":{}}""",
        """{"type":"ADDED","object":{"metadata":{"resourceVersion":5}}}""",
        """{"type":"NEWS","object":{"kind":"Pod","metadata":{"resourceVersion":"5"}}}""",
        """{"type":null,"object":{"metadata":{"resourceVersion":"5"}}}""",
        """{"type":["ADDED"],"object":[]}""",
        """{"type":"BOOKMARK","object":{"metadata":null}}""",
        """{"type":"ERROR","object":null}""",
        """{"type":"ERROR","object":{"code":"410","message":{}}}""",
        """{"type":"ERROR","object":{"code":99999999999999999999,"message":null}}""",
        string.Concat(Enumerable.Repeat("[", 2000)),
    ];

    /// <summary>Real answers in which one value is another one, that a pod never has.</summary>
    public static readonly Fault.Edited[] EditedPods =
    [
        new("kind", "\"Status\""),
        new("kind", "17"),
        new("metadata", "null"),
        new("metadata", "[]"),
        new("metadata.name", "null"),
        new("metadata.name", "\"another\""),
        new("metadata.uid", "null"),
        new("metadata.resourceVersion", "17"),
        new("metadata.labels", """{"a":null}"""),
        new("metadata.annotations", """{"a":null}"""),
        new("metadata.annotations", "[\"a\"]"),
        new("metadata.ownerReferences", "[null]"),
        new("metadata.creationTimestamp", "null"),
        new("metadata.creationTimestamp", "\"soon\""),
        new("metadata.creationTimestamp", "1700000000"),
        new("metadata.creationTimestamp", "\"9999-12-31T23:59:59Z\""),
        new("metadata.deletionTimestamp", "\"9999-12-31T23:59:59Z\""),
        new("metadata.deletionGracePeriodSeconds", "99999999999999999999"),
        new("spec", "null"),
        new("spec", "\"text\""),
        new("spec.nodeName", "17"),
        new("spec.containers", "null"),
        new("spec.containers", "[null]"),
        new("spec.containers", "{}"),
        new("spec.containers.0.resources", """{"limits":{"memory":"1e999999999"}}"""),
        new("spec.containers.0.resources", """{"limits":{"memory":"much"}}"""),
        new("spec.containers.0.resources", """{"limits":{"memory":null}}"""),
        new("spec.activeDeadlineSeconds", "0"),
        new("spec.activeDeadlineSeconds", "1e3000"),
        new("spec.activeDeadlineSeconds", "9223372036854775807"),
        new("spec.activeDeadlineSeconds", "99999999999999999999"),
        new("status", "17"),
        new("status.podIP", "\"nowhere\""),
        new("status.podIP", "17"),
        new("status.startTime", "\"9999-12-31T23:59:59Z\""),
        new("status.conditions", "[null]"),
        new("status.conditions", "{}"),
        new("status.containerStatuses", "[null]"),
        new("status.containerStatuses", """[{"name":"buildkitd","restartCount":99999999999999999999}]"""),
    ];

    /// <summary>As rows of a theory, so that each can be run alone.</summary>
    public static TheoryData<string, string> Rows(IEnumerable<Fault.Edited> edits)
    {
        var rows = new TheoryData<string, string>();
        foreach (var edit in edits)
            rows.Add(edit.Path, edit.Json);
        return rows;
    }
}
