using System.Globalization;
using k8s.Models;

namespace CustomExecutor.Core.Builder.Diagnosis;

/// <summary>Where the time of a start went, for the author of a job whose builder came too late.</summary>
public static class StartReport
{
    public const string Connected = "connected";
    public const string Created = "pod";
    public const string HasSecret = "secret";
    public const string Scheduled = "scheduled";
    public const string Pulling = "pulling";
    public const string Pulled = "pulled";
    public const string Started = "started";
    public const string Listening = "listening";
    public const string Handshake = "handshake";
    public const string Done = "done";

    /// <summary>What each mark ends, in the order in which they are reached.</summary>
    private static readonly (string Mark, string Span)[] Spans =
    [
        (Connected, "to reach the Kubernetes API"),
        (Created, "to create the pod"),
        (Scheduled, "until it was scheduled"),
        (Pulling, "until the pull of the image began"),
        (Pulled, "pulling the image"),
        (Started, "until the container ran"),
        (Listening, "until BuildKit listened"),
        (Handshake, "until BuildKit answered"),
    ];

    /// <summary>Spans that go on have other words than those that came to an end.</summary>
    private static readonly Dictionary<string, string> Unfinished = new()
    {
        [Connected] = "trying to reach the Kubernetes API",
        [Created] = "creating the pod",
        [Scheduled] = "waiting for a node",
        [Pulling] = "preparing the container",
        [Pulled] = "pulling the image",
        [Started] = "starting the container",
        [Listening] = "waiting for BuildKit to listen",
        [Handshake] = "waiting for BuildKit to answer",
    };

    /// <summary>The marks that a change of the builder reaches.</summary>
    /// <param name="change">The change.</param>
    /// <param name="diagnosis">The diagnosis after it.</param>
    public static IEnumerable<string> Reached(BuilderChange change, PodDiagnosis diagnosis)
    {
        if (change is BuilderChange.PodSeen { Pod.Spec.NodeName: { Length: > 0 } })
            yield return Scheduled;
        if (change is BuilderChange.EventSeen { Event.Reason: "Pulling" })
            yield return Pulling;
        if (change is BuilderChange.EventSeen { Event: var happened } && IsPull(happened))
            yield return Pulled;
        if (diagnosis is PodDiagnosis.Running)
            yield return Started;
        if (change is BuilderChange.ConnectionTried { Result.Listens: true })
            yield return Listening;
        if (change is BuilderChange.ConnectionTried { Result.Answers: true })
            yield return Handshake;
    }

    /// <summary>Whether an event says that an image was pulled; it has the same reason when the image was on the node
    /// already.</summary>
    internal static bool IsPull(Corev1Event happened) =>
        happened is { Reason: "Pulled", Message: { } message }
        && message.StartsWith("Successfully", StringComparison.Ordinal);

    /// <summary>Like "12 s until it was scheduled, 250 s pulling the image, 38 s starting the container"; what took no
    /// second is left out.</summary>
    /// <param name="marks">Milliseconds from the beginning to each mark that was reached.</param>
    /// <param name="elapsed">The time until now.</param>
    /// <param name="until">See <see cref="LateStart.Sentence"/>.</param>
    public static string Of(IReadOnlyDictionary<string, long> marks, TimeSpan elapsed, string? until = null)
    {
        List<string> parts = [];
        var last = 0L;
        var reached = Array.FindLastIndex(Spans, s => marks.ContainsKey(s.Mark));
        for (var i = 0; i <= reached; i++)
        {
            // An image that is on the node already is never pulled.
            if (!marks.TryGetValue(Spans[i].Mark, out var at) || at < last)
                continue;
            Add(at - last, Spans[i].Span);
            last = at;
        }

        if (reached + 1 < Spans.Length)
            Add((long)elapsed.TotalMilliseconds - last, Going(Spans[reached + 1].Mark));
        return string.Join(", ", parts);

        string Going(string mark) =>
            until is not null && mark is (Listening or Handshake) ? $"waiting {until}" : Unfinished[mark];

        void Add(long milliseconds, string span)
        {
            if (milliseconds >= 500)
            {
                parts.Add(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{Math.Round(milliseconds / 1000.0, MidpointRounding.AwayFromZero):0} s {span}"
                    )
                );
            }
        }
    }
}
