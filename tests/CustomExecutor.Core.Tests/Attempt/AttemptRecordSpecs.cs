using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Runner;
using CustomExecutor.Core.Tests.Gc;
using static CustomExecutor.Core.Tests.Gc.GcFixtures;

namespace CustomExecutor.Core.Tests.Attempt;

public sealed class AttemptRecordSpecs
{
    [Fact]
    public void What_prepare_writes_the_reaper_reads() => Parsed(Sound.ToJson(), Sound.Name).Should().Be(Sound);

    [Fact]
    public void Its_name_is_the_workspaces() =>
        Sound.Name.Should().Be(new AttemptPaths(GcFixtures.Attempt).WorkspaceName(7));

    [Fact]
    public void Its_workspace_is_below_the_root() =>
        Sound.WorkspaceDirectory.Should().Be($"/srv/workspaces/{Sound.Name}");

    [Fact]
    public void A_record_that_was_cut_short_anywhere_is_refused()
    {
        var json = Sound.ToJson();

        for (var length = 0; length < json.Length; length++)
            Refusal(json[..length]).Should().Contain("damaged");
    }

    [Theory]
    [InlineData("null")]
    [InlineData("""{"jobId":7}""")]
    [InlineData("""{"format":3,"jobId":7}""")]
    // What the last release wrote, beside the workspaces and in the attempt's directory.
    [InlineData(
        """{"format":1,"jobId":7,"instance":"gitlab","namespace":"n","builder":"k8s-builder-7-b","attemptDirectory":"/tmp/custom-executor1234","attemptParent":"8:1:2","began":{"clock":"2026-01-02T03:04:05+00:00","afterBoot":"20.00:00:00","boot":"b","machine":"m"},"lifetime":"01:10:00"}"""
    )]
    [InlineData(
        """{"format":1,"jobId":7,"namespace":"n","builder":"k8s-builder-7-b","endpoint":null,"ready":false,"clusterFiles":null,"kept":{"instance":"gitlab","workspaceRoot":"/srv","kubeconfig":null,"context":null}}"""
    )]
    public void A_record_of_another_version_is_refused(string json) =>
        Refusal(json).Should().Contain("another version");

    [Theory]
    [InlineData("k8s-builder-8-bcdfghjk")]
    [InlineData("coredns")]
    [InlineData("k8s-builder-7-b/../../x")]
    public void A_record_of_another_jobs_builder_is_refused(string builder) =>
        Refusal(Sound with { Builder = builder }).Should().Contain("not a builder of job 7");

    [Theory]
    [InlineData("a,custom-executor/instance!=a")]
    [InlineData("")]
    public void An_instance_that_would_widen_a_selector_is_refused(string instance) =>
        Refusal(Sound with { Instance = instance }).Should().Contain("not an instance");

    [Theory]
    [InlineData("Kube System")]
    [InlineData("a/../b")]
    public void A_namespace_that_is_none_is_refused(string name) =>
        Refusal(Sound with { Namespace = name }).Should().Contain("not a namespace");

    [Theory]
    [InlineData("/")]
    [InlineData("/etc")]
    [InlineData("/home/someone")]
    [InlineData("tmp/custom-executor1")]
    [InlineData("/custom-executor1")]
    [InlineData("/tmp/custom-executor")]
    [InlineData("/tmp/../etc/custom-executor1")]
    [InlineData("/tmp//custom-executor1")]
    [InlineData("/tmp/custom-executor1/")]
    [InlineData("/tmp/custom-executor1/..")]
    [InlineData("/tmp/custom-executor1\n")]
    public void A_directory_that_no_runner_makes_is_refused(string directory) =>
        Refusal(Sound with { AttemptDirectory = directory })
            .Should()
            .Contain("not a directory that a runner makes")
            .And.NotContain("\n");

    [Fact]
    public void A_record_under_another_attempts_name_is_refused() =>
        Refusal(Sound.ToJson(), (Sound with { AttemptDirectory = "/tmp/custom-executor99" }).Name)
            .Should()
            .Contain("another attempt");

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(10_000_000)]
    public void A_lifetime_that_can_not_be_is_refused(double days) =>
        Refusal(Sound with { Lifetime = TimeSpan.FromDays(days) }).Should().Contain("a time that can't be");

    [Fact]
    public void A_beginning_that_can_not_be_is_refused()
    {
        Refusal(Sound with { Began = Began with { Clock = DateTimeOffset.MaxValue } })
            .Should()
            .Contain("a time that can't be");
        Refusal(Sound with { Began = Began with { AfterBoot = TimeSpan.MinValue } })
            .Should()
            .Contain("a time that can't be");
    }

    private static AttemptRecord Parsed(string json, string name) => RecordReader.Parse(json, "The record", name);

    private static string Refusal(AttemptRecord record) =>
        Refusal(record.ToJson(), record.AttemptDirectory is null ? "" : record.Name);

    private static string Refusal(string json, string? name = null)
    {
        var parse = () => Parsed(json, name ?? Sound.Name);
        return parse.Should().Throw<DriverException>().Which.Message;
    }
}
