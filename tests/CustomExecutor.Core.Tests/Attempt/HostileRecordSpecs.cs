using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Tests.Gc;

namespace CustomExecutor.Core.Tests.Attempt;

/// <summary>The record in the attempt's own directory, which a script may have written.</summary>
public sealed class HostileRecordSpecs
{
    private const string Path = "/tmp/custom-executor1234/driver/state.json";

    private static readonly AttemptRecord State = GcFixtures.Sound with { Ready = true };

    [Fact]
    public void What_prepare_writes_run_and_cleanup_read()
    {
        Parsed(State.ToJson(), 7).Should().Be(State);
        Parsed((State with { Ready = false }).ToJson(), 7).Ready.Should().BeFalse();
    }

    [Fact]
    public void The_runners_largest_job_id_has_a_state_too()
    {
        var state = State with { JobId = long.MaxValue, Builder = "k8s-builder-9223372036854775807-bcdfghjk" };

        Parsed(state.ToJson(), long.MaxValue).Should().Be(state);
    }

    [Fact]
    public void A_state_that_was_cut_short_anywhere_is_refused()
    {
        var json = State.ToJson();

        for (var length = 0; length < json.Length; length++)
            Refusal(json[..length]).Should().Contain("damaged").And.Contain(Path);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\0\0\0\0")]
    [InlineData("""{"format":2}""")]
    [InlineData("""{"format":"2"}""")]
    public void A_damaged_state_is_refused(string json) => Refusal(json).Should().Contain("damaged");

    [Theory]
    [InlineData("\"jobId\":7", "\"jobId\":\"7\"")]
    [InlineData("\"jobId\":7", "\"jobId\":7,\"jobId\":7")]
    [InlineData("\"namespace\":\"gitlab-builders\"", "\"namespace\":{}")]
    [InlineData("\"builder\":\"k8s-builder-7-bcdfghjk\",", "")]
    [InlineData("\"attemptParent\":\"8:1:2\"", "\"attemptParent\":null")]
    [InlineData("\"boot\":\"boot-1\"", "\"boot\":null")]
    public void A_state_with_a_value_that_can_not_be_is_refused(string right, string wrong) =>
        Refusal(Edited(right, wrong)).Should().Contain("damaged");

    [Theory]
    [InlineData("null")]
    [InlineData("""{"format":1,"jobId":7,"namespace":"n","builder":"k8s-builder-7-b","ready":true}""")]
    [InlineData("""{"jobId":7,"namespace":"n","builder":"k8s-builder-7-b","ready":true}""")]
    public void A_state_of_another_version_is_refused(string json) => Refusal(json).Should().Contain("another version");

    [Fact]
    public void A_state_of_another_attempt_at_the_job_is_refused() =>
        Refusal((State with { AttemptDirectory = "/tmp/custom-executor99" }).ToJson())
            .Should()
            .Contain("not this attempt's directory");

    [Fact]
    public void A_state_of_another_job_is_refused() =>
        Refusal(State.ToJson(), jobId: 8).Should().Contain("job 7").And.Contain("job 8");

    [Theory]
    [InlineData("k8s-builder-8-bcdfghjk")]
    [InlineData("k8s-builder-77-bcdfghjk")]
    [InlineData("k8s-builder-7-")]
    [InlineData("k8s-builder-7")]
    [InlineData("k8s-builder-7-b-")]
    [InlineData("k8s-builder-7-B")]
    [InlineData("k8s-builder-7-b\n")]
    [InlineData("k8s-builder-7-b.c")]
    [InlineData("k8s-builder-7-ü")]
    [InlineData("k8s-builder-7-b/../../../secrets/other")]
    [InlineData("k8s-builder-7-bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb")]
    [InlineData("../../k8s-builder-7-b")]
    [InlineData("coredns")]
    [InlineData("")]
    public void A_script_that_edits_the_state_steers_no_call_to_another_jobs_builder(string builder) =>
        Refusal((State with { Builder = builder }).ToJson()).Should().Contain("not a builder of job 7");

    [Theory]
    [InlineData("")]
    [InlineData("default/pods/x?")]
    [InlineData("..")]
    [InlineData("Default")]
    [InlineData("-a")]
    [InlineData("a\r\nHost: evil")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void A_script_that_edits_the_state_steers_no_call_out_of_a_namespace(string name) =>
        Refusal((State with { Namespace = name }).ToJson()).Should().Contain("not a namespace");

    [Theory]
    [InlineData("\"namespace\":\"gitlab-builders\"", "\"namespace\":null")]
    [InlineData("\"builder\":\"k8s-builder-7-bcdfghjk\"", "\"builder\":null")]
    [InlineData("\"attemptDirectory\":\"/tmp/custom-executor1234\"", "\"attemptDirectory\":null")]
    public void A_name_that_is_null_is_refused(string right, string wrong) =>
        Refusal(Edited(right, wrong)).Should().Contain("it is not used");

    [Theory]
    [InlineData("\"jobId\":7", "\"a\\nsection_start:1:forged\\r\\u001b[0K\":{\"b\": tru")]
    [InlineData("\"gitlab-builders\"", "\"a\\n\\u001b[0K\"")]
    [InlineData("\"k8s-builder-7-bcdfghjk\"", "\"k8s\\n\\u001b[0K\"")]
    public void A_refusal_stays_one_line_whatever_the_script_wrote(string right, string wrong) =>
        Refusal(Edited(right, wrong)).Should().NotContainAny("\n", "\r", "\u001b");

    private static string Edited(string right, string wrong)
    {
        var json = State.ToJson();
        json.Should().Contain(right);
        return json.Replace(right, wrong, StringComparison.Ordinal);
    }

    private static AttemptRecord Parsed(string json, long jobId) =>
        RecordReader.Parse(
            json,
            $"The attempt's record {Path}",
            new AttemptPaths(GcFixtures.Attempt).WorkspaceName(jobId),
            GcFixtures.Attempt
        );

    private static string Refusal(string json, long jobId = 7)
    {
        var parse = () => Parsed(json, jobId);
        return parse.Should().Throw<DriverException>().Where(e => e.Kind == FailureKind.System).Which.Message;
    }
}
