using System.Security.Cryptography;
using System.Text.Json;
using CustomExecutor.Core;
using CustomExecutor.Core.Kubernetes;
using CustomExecutor.Host.Logging;
using Polly;
using Polly.Retry;

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
    private readonly long _began = TimeProvider.System.GetTimestamp();
    private volatile bool _hasContact;

    /// <param name="log">Where tries are told.</param>
    /// <param name="budget">How long calls are tried again, from now on; null for one try each.</param>
    /// <param name="hasContact">Whether this server is known to answer: then it is waited for as long as the budget
    /// goes.</param>
    public ApiRetries(StageLog? log, TimeSpan? budget, bool hasContact = false) =>
        (Outage, _budget, _hasContact) = (new ApiOutage(log), budget, hasContact);

    private ApiRetries(TimeSpan onlyTry)
        : this(null, null) => _onlyTry = onlyTry;

    /// <summary>What is told meanwhile.</summary>
    public ApiOutage Outage { get; }

    /// <summary>One try for each call.</summary>
    /// <param name="time">How long it may take, if not as long as any.</param>
    public static ApiRetries None(TimeSpan? time = null) => new(time ?? LongestTry);

    /// <summary>Makes a call until it succeeds.</summary>
    /// <param name="doing">What it does, for messages.</param>
    /// <param name="call">One try. It may find that the try before has succeeded in spite of its failure.</param>
    /// <param name="cancel">Ends it at once.</param>
    /// <exception cref="DriverException">It failed for good; what the last try threw is its inner
    /// exception.</exception>
    public async Task<T> Run<T>(string doing, Func<CancellationToken, Task<T>> call, CancellationToken cancel)
    {
        var first = TimeProvider.System.GetTimestamp();
        var (tries, delay) = (0, TimeSpan.Zero);
        var pipeline = new ResiliencePipelineBuilder()
            .AddRetry(
                new RetryStrategyOptions
                {
                    MaxRetryAttempts = int.MaxValue,
                    ShouldHandle = failed =>
                    {
                        if (failed.Outcome.Exception is not { } e || ApiFaultReader.Of(e) is not { } fault)
                            return ValueTask.FromResult(false);
                        _hasContact |= fault.HasContact;
                        var left = RetryPlan.Left(
                            fault,
                            LeftOfBudget(),
                            _hasContact,
                            TimeProvider.System.GetElapsedTime(first)
                        );
                        if (
                            RetryPlan.Delay(fault, tries, left, RandomNumberGenerator.GetInt32(1001) / 1000.0)
                            is not { } next
                        )
                        {
                            return ValueTask.FromResult(false);
                        }

                        delay = next;
                        Outage.Failed(fault, doing, tries, delay);
                        return ValueTask.FromResult(true);
                    },
                    DelayGenerator = _ => ValueTask.FromResult<TimeSpan?>(delay),
                }
            )
            .Build();
        try
        {
            var result = await pipeline.ExecuteAsync(async token => await Try(call, ++tries, token), cancel);
            _hasContact = true;
            Outage.Over();
            return result;
        }
        catch (Exception e) when (ApiFaultReader.Of(e) is not null)
        {
            var failure = e is JsonException ? Garbled(e, doing) : ApiExceptions.Of(e, doing);
            if (tries == 1)
                throw failure;
            throw new DriverException(
                $"{failure.Message}\nIt was tried {tries} times over "
                    + $"{TimeProvider.System.GetElapsedTime(first).TotalSeconds:0} s.",
                inner: e
            );
        }
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

    private async Task<T> Try<T>(Func<CancellationToken, Task<T>> call, int number, CancellationToken cancel)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var time = TimeOf(number);
        bound.CancelAfter(time);
        try
        {
            return await call(bound.Token);
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
        var (time, left) = (RetryPlan.TryTimeout(number), LeftOfBudget());
        return left > time ? time
            : left > ShortestTry ? left
            : ShortestTry;
    }

    private TimeSpan LeftOfBudget() => (_budget ?? TimeSpan.Zero) - TimeProvider.System.GetElapsedTime(_began);
}
