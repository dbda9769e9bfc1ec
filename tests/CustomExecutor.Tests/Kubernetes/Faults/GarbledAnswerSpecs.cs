using CustomExecutor.Commands.Try;
using CustomExecutor.Testing.Faults;

namespace CustomExecutor.Tests.Kubernetes.Faults;

/// <summary>The first answer to each call of a job is garbled: status 200, and not what Kubernetes answers.</summary>
public abstract class GarbledAnswerSpecs(FaultBench bench)
{
    private protected async Task IsGotOver(Fault fault)
    {
        await using var job = await bench.Job(new FaultRule(null, fault));

        await job.Succeeds();

        job.Proxy.Calls.Where(c => c.Fault is not null)
            .Select(c => c.Kind)
            .Should()
            .Contain(
                [
                    "GET version",
                    "POST pods",
                    "POST secrets",
                    "WATCH pods",
                    "WATCH events",
                    "GET pods",
                    "DELETE pod",
                    "DELETE secret",
                ],
                job.Record
            );
        ShouldShowNoException(job.Log);
    }

    private protected static void ShouldShowNoException(string log) =>
        log.Should()
            .NotContain("   at ")
            .And.NotContain("Unhandled")
            .And.NotContain("Exception")
            .And.NotContain("Internal error")
            .And.NotContain("a secret of the proxy");
}

/// <summary>The server has not seen the request.</summary>
public sealed class GarbledInsteadSpecs(FaultBench bench) : GarbledAnswerSpecs(bench), IClassFixture<FaultBench>
{
    // Each text at each call by itself: GarbledCallSpecs.
    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[null]")]
    [InlineData("17")]
    [InlineData("OK")]
    [InlineData("""{"kind":"PodList","items":null}""")]
    [InlineData("""{"kind":"Secret","metadata":{}}""")]
    [InlineData("""{"type":"ADDED","object":null}""")]
    [InlineData("""{"type":"ERROR","object":null}""")]
    public Task A_job_gets_over_an_answer_of_something_else(string text) => IsGotOver(new Fault.Garbled(text));
}

/// <summary>The server has done what it was asked to.</summary>
public sealed class GarbledAfterSpecs(FaultBench bench) : GarbledAnswerSpecs(bench), IClassFixture<FaultBench>
{
    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("<html>Please log in</html>")]
    public Task A_job_gets_over_an_answer_of_something_else_to_what_was_done(string text) =>
        IsGotOver(new Fault.Garbled(text, Done: true));
}

/// <summary>The server has done it and answered; one value of the answer is another one.</summary>
public sealed class EditedAnswerSpecs(FaultBench bench) : GarbledAnswerSpecs(bench), IClassFixture<FaultBench>
{
    private static readonly string[] OfPods = ["POST pods", "WATCH pods", "GET pods", "DELETE pod"];

    private readonly FaultBench _bench = bench;

    // Each value at each call by itself: GarbledCallSpecs.
    [Theory]
    [InlineData("kind", "\"Status\"")]
    [InlineData("metadata", "null")]
    [InlineData("metadata.uid", "null")]
    [InlineData("metadata.labels", """{"a":null}""")]
    [InlineData("metadata.creationTimestamp", "\"9999-12-31T23:59:59Z\"")]
    [InlineData("spec", "null")]
    [InlineData("spec.activeDeadlineSeconds", "99999999999999999999")]
    [InlineData("status.podIP", "\"nowhere\"")]
    [InlineData("status.containerStatuses", "[null]")]
    public async Task A_job_gets_over_an_impossible_value(string path, string json)
    {
        await using var job = await _bench.Job([
            .. OfPods.Select(call => new FaultRule(call, new Fault.Edited(path, json))),
        ]);

        await job.Succeeds();

        job.Proxy.Calls.Where(c => c.Fault is not null).Select(c => c.Kind).Should().Contain(OfPods, job.Record);
        ShouldShowNoException(job.Log);
    }
}

/// <summary>The answers to one call stay garbled: the stage ends with a sentence.</summary>
public sealed class GarbledForeverSpecs(FaultBench bench) : GarbledAnswerSpecs(bench), IClassFixture<FaultBench>
{
    private readonly FaultBench _bench = bench;

    [Theory]
    [InlineData("GET version", "{}")]
    [InlineData("GET version", "null")]
    [InlineData("POST pods", "{}")]
    [InlineData("POST pods", "[1]")]
    [InlineData("POST secrets", "{}")]
    [InlineData("POST secrets", "OK")]
    public async Task Prepare_ends_with_a_sentence(string call, string text)
    {
        await using var job = await _bench.Job(new FaultRule(call, new Fault.Garbled(text), Times: int.MaxValue));

        (await job.Fails())
            .Should()
            .Contain("ERROR: The Kubernetes API can't be used to")
            .And.Contain("It was tried 5 times");

        job.Attempt.Stages.LastCall.Exit.Code.Should().Be(0, "cleanup was the last call");
        ShouldShowNoException(job.Log);
    }

    [Theory]
    [InlineData("WATCH pods", "{}")]
    [InlineData("WATCH pods", """{"type":"ADDED","object":null}""")]
    public async Task Prepare_ends_in_time_with_a_sentence(string call, string text)
    {
        await using var job = await _bench.Job(
            s => s["builder"]!["prepareTimeoutSeconds"] = 10,
            new FaultRule(call, new Fault.Garbled(text), Times: int.MaxValue)
        );

        (await job.Fails())
            .Should()
            .Contain("not ready within")
            .And.Contain("When time ran out, the Kubernetes API was not responding");

        ShouldShowNoException(job.Log);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"type":"ERROR","object":{"code":403,"message":"not you"}}""")]
    public async Task A_job_does_without_events(string text)
    {
        await using var job = await _bench.Job(
            new FaultRule("WATCH events", new Fault.Garbled(text), Times: int.MaxValue)
        );

        await job.Succeeds();

        ShouldShowNoException(job.Log);
    }

    [Theory]
    [InlineData("""{"type":"ERROR","object":{"code":403,"message":"not you"}}""")]
    [InlineData("""{"type":"ERROR","object":{"code":400,"message":"not so"}}""")]
    public async Task A_watch_that_is_refused_by_an_event_ends_prepare_with_a_sentence(string text)
    {
        await using var job = await _bench.Job(
            new FaultRule("WATCH pods", new Fault.Garbled(text), Times: int.MaxValue)
        );

        (await job.Fails()).Should().Contain("watch the builder pod").And.Contain("not ");

        ShouldShowNoException(job.Log);
    }

    [Theory]
    [InlineData("GET pods", "{}")]
    [InlineData("GET pods", """{"kind":"PodList","items":null}""")]
    [InlineData("DELETE pod", "{}")]
    [InlineData("DELETE secret", "null")]
    public async Task Cleanup_ends_with_a_sentence_and_does_the_rest(string call, string text)
    {
        await using var job = await _bench.Job();
        await job.Prepare();
        job.Proxy.Rules = [new FaultRule(call, new Fault.Garbled(text), Times: int.MaxValue)];

        await job.Attempt.Stages.Cleanup();

        job.Attempt.Stages.LastCall.Exit.Code.Should().Be(RunnerResult.SystemFailureExitCode, job.Record);
        job.Log.Should().Contain("ERROR: The Kubernetes API can't be used to");
        ShouldShowNoException(job.Log);
        Directory.Exists(job.Attempt.Paths.Job).Should().BeFalse("the job's files are not the API's");
        job.Proxy.Rules = [];
        await job.IsCleanedUp();
    }

    [Theory]
    [InlineData(403, "null")]
    [InlineData(403, "[]")]
    [InlineData(403, "17")]
    [InlineData(403, """{"message":17,"reason":[],"details":[]}""")]
    [InlineData(422, """{"message":null,"reason":"Invalid","details":{"causes":[null,17,{"field":5}]}}""")]
    [InlineData(409, """{"reason":"AlreadyExists","message":{}}""")]
    [InlineData(299, "OK")]
    [InlineData(204, "")]
    public async Task A_refusal_of_any_form_is_a_sentence(int status, string text)
    {
        // Some are tried again as long as there is time.
        await using var job = await _bench.Job(
            s => s["builder"]!["prepareTimeoutSeconds"] = 10,
            new FaultRule("POST pods", new Fault.Answer(status, Text: text), Times: int.MaxValue)
        );

        (await job.Fails()).Should().Contain("ERROR: ");

        ShouldShowNoException(job.Log);
    }
}
