using System.Security.Cryptography;
using System.Text.Json;
using CustomExecutor.Core;
using CustomExecutor.Core.Kubernetes;
using CustomExecutor.Host.Logging;

namespace CustomExecutor.Kubernetes;

/// <summary>Tries API calls again, as long as that may help and the stage's time is not up. When is decided by <see
/// cref="RetryPlan"/>.</summary>
internal sealed class ApiRetries
{
    /// <summary>The client's own bound on a call; each try has a shorter one.</summary>
    public static readonly TimeSpan LongestTry = RetryPlan.TryTimeout(int.MaxValue);

    private static readonly TimeSpan ShortestTry = TimeSpan.FromSeconds(2);

    private readonly TimeSpan? _budget;
    private readonly TimeSpan _onlyTry = LongestTry;
    private readonly long _began;
    private volatile bool _hasContact;

    /// <param name="log">Where tries are told.</param>
    /// <param name="budget">How long calls are tried again, from now on; null for one try each.</param>
    /// <param name="time">The clock.</param>
    /// <param name="hasContact">Whether this server is known to answer: then it is waited for as long as the budget
    /// goes.</param>
    public ApiRetries(StageLog? log, TimeSpan? budget, TimeProvider time, bool hasContact = false)
    {
        (Outage, Time) = (new ApiOutage(log, time), time);
        (_budget, _began, _hasContact) = (budget, time.GetTimestamp(), hasContact);
    }

    private ApiRetries(TimeProvider time, TimeSpan onlyTry)
        : this(null, null, time) => _onlyTry = onlyTry;

    /// <summary>What is told meanwhile.</summary>
    public ApiOutage Outage { get; }

    /// <summary>The clock by which it is tried again.</summary>
    public TimeProvider Time { get; }

    private TimeSpan LeftOfBudget => (_budget ?? TimeSpan.Zero) - Time.GetElapsedTime(_began);

    /// <summary>One try for each call.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="bound">How long it may take, if not as long as any.</param>
    public static ApiRetries None(TimeProvider time, TimeSpan? bound = null) => new(time, bound ?? LongestTry);

    /// <summary>Makes a call until it succeeds.</summary>
    /// <param name="doing">What it does, for messages.</param>
    /// <param name="call">One try. It may find that the try before has succeeded in spite of its failure.</param>
    /// <param name="cancel">Ends it at once.</param>
    /// <exception cref="DriverException">It failed for good; what the last try threw is its inner
    /// exception.</exception>
    public async Task<T> Run<T>(string doing, Func<CancellationToken, Task<T>> call, CancellationToken cancel)
    {
        var first = Time.GetTimestamp();
        for (var tries = 1; ; tries++)
        {
            try
            {
                var result = await Try(call, TimeOf(tries), cancel);
                _hasContact = true;
                Outage.Over();
                return result;
            }
            catch (Exception e) when (ApiFaultReader.Of(e) is { } fault)
            {
                _hasContact |= fault.HasContact;
                var spent = Time.GetElapsedTime(first);
                var left = RetryPlan.Left(fault, LeftOfBudget, _hasContact, spent);
                if (RetryPlan.Delay(fault, tries, left, Chance()) is not { } delay)
                    throw Failure(e, doing, tries, spent);
                Outage.Failed(fault, doing, tries, delay);
                await Task.Delay(delay, Time, cancel);
            }
        }
    }

    /// <summary>Waits before a watch is opened again, by the plan of a call that is tried again and without an
    /// end.</summary>
    /// <param name="fault">What ended the watch; null for its own end, which is no fault.</param>
    /// <param name="doing">What it does, for messages.</param>
    /// <param name="failures">How often it ended since the last change.</param>
    /// <param name="cancel">Ends it at once.</param>
    public Task Pause(ApiFault? fault, string doing, int failures, CancellationToken cancel)
    {
        var delay = RetryPlan.Pause(fault, failures, Chance());
        if (fault is not null)
            Outage.Failed(fault, doing, failures, delay);
        return Task.Delay(delay, Time, cancel);
    }

    private static double Chance() => RandomNumberGenerator.GetInt32(1001) / 1000.0;

    private static DriverException Failure(Exception e, string doing, int tries, TimeSpan spent)
    {
        var failure = e is JsonException ? Garbled(e, doing) : ApiExceptions.Of(e, doing);
        return tries == 1
            ? failure
            : new DriverException(
                $"{failure.Message}\nIt was tried {tries} times over {spent.TotalSeconds:0} s.",
                inner: e
            );
    }

    /// <summary>A parser's own words quote the answer, so they are not shown.</summary>
    private static DriverException Garbled(Exception e, string doing)
    {
        var problem = e is GarbledAnswerException ? e.Message : "the answer is cut off or not Kubernetes'";
        return new DriverException(
            $"The Kubernetes API can't be used to {doing}: {problem}.\nAnother server may answer at its address: a "
                + "proxy, or a login page.",
            inner: e
        );
    }

    private async Task<T> Try<T>(Func<CancellationToken, Task<T>> call, TimeSpan time, CancellationToken cancel)
    {
        using var bound = new CancellationTokenSource(time, Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, bound.Token);
        try
        {
            return await call(either.Token);
        }
        catch (OperationCanceledException e) when (bound.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {time.TotalSeconds:0} s", e);
        }
    }

    private TimeSpan TimeOf(int number)
    {
        if (_budget is null)
            return _onlyTry;
        var (time, left) = (RetryPlan.TryTimeout(number), LeftOfBudget);
        return left > time ? time
            : left > ShortestTry ? left
            : ShortestTry;
    }
}
