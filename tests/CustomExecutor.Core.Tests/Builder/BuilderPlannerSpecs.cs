using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Kubernetes;
using CustomExecutor.Core.Settings;
using static CustomExecutor.Core.Tests.Builder.BuilderFixtures;

namespace CustomExecutor.Core.Tests.Builder;

public sealed class BuilderPlannerSpecs
{
    [Theory]
    [InlineData(7, "k8s-builder-7-bcdfghjk")]
    [InlineData(long.MaxValue, "k8s-builder-9223372036854775807-bcdfghjk")]
    public void A_builder_is_named_after_its_job(long jobId, string name)
    {
        BuilderPlanner.NameOf(jobId, "bcdfghjk").Should().Be(name);
        BuilderPlanner.IsNameOf(jobId, name).Should().BeTrue();
        DnsLabel.IsOne(name).Should().BeTrue();
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("0-9", true)]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", true)]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("-a", false)]
    [InlineData("a-", false)]
    [InlineData("a.b", false)]
    [InlineData("a_b", false)]
    [InlineData("A", false)]
    [InlineData("é", false)]
    [InlineData("a\n", false)]
    public void A_DNS_label_is_what_Kubernetes_takes_for_one(string? text, bool isOne) =>
        DnsLabel.IsOne(text).Should().Be(isOne);

    [Fact]
    public void The_labels_tell_whose_builder_it_is_and_select_it()
    {
        var labels = Spec(settings: new DriverSettings { Instance = "gitlab-a" }).Labels;

        labels
            .Should()
            .BeEquivalentTo(
                new Dictionary<string, string>
                {
                    ["app.kubernetes.io/managed-by"] = "custom-executor",
                    ["app.kubernetes.io/component"] = "builder",
                    ["custom-executor/instance"] = "gitlab-a",
                    ["custom-executor/job-id"] = "7",
                    ["custom-executor/project-id"] = "42",
                }
            );
        BuilderLabels
            .SelectorOf("gitlab-a", 7)
            .Split(',')
            .Should()
            .OnlyContain(part => labels.Any(l => $"{l.Key}={l.Value}" == part))
            .And.HaveCount(3);
    }

    [Fact]
    public void The_annotations_lead_to_the_pages_of_job_and_project_without_a_token() =>
        Spec()
            .Annotations.Should()
            .BeEquivalentTo(
                new Dictionary<string, string>
                {
                    ["custom-executor/job-name"] = "build image",
                    ["custom-executor/job-url"] = "https://gitlab.example.com/group/project/-/jobs/7",
                    ["custom-executor/project-url"] = "https://gitlab.example.com/group/project",
                    ["custom-executor/expires-at"] = "2026-01-02T03:14:05Z",
                }
            );

    [Fact]
    public void A_job_without_pages_has_no_annotations_for_them() =>
        Spec(JobOf(name: "", repoUrl: "")).Annotations.Keys.Should().Equal("custom-executor/expires-at");

    [Fact]
    public void A_hostile_job_name_is_escaped_in_its_annotation_and_stands_nowhere_else()
    {
        var spec = Spec(JobOf(name: "evil=1,\n\u001b[31m\"}: " + new string('x', 5000)));

        spec.Labels.Values.Should().NotContain(v => v.Contains("evil"));
        spec.Name.Should().Be(Name);
        spec.Annotations["custom-executor/job-name"]
            .Should()
            .StartWith("evil=1,\\u000a\\u001b[31m\"}: x")
            .And.HaveLength(201);
        spec.Annotations.Values.Should().ContainSingle(v => v.Contains("evil"));
    }

    [Fact]
    public void A_builder_may_outlive_its_jobs_timeout_by_the_runners_own_grace()
    {
        Spec().Lifetime.Should().Be(TimeSpan.FromSeconds(3600 + 300));
        Spec(JobOf(timeout: 0)).Lifetime.Should().Be(TimeSpan.FromSeconds(7200 + 300));
    }

    [Fact]
    public void It_expires_when_even_a_slow_prepare_and_the_whole_job_are_over() =>
        Spec(settings: new DriverSettings { Builder = new BuilderSettings { PrepareTimeoutSeconds = 60 } })
            .Annotations["custom-executor/expires-at"]
            .Should()
            .Be("2026-01-02T03:10:05Z");

    [Fact]
    public void A_timeout_without_end_is_still_a_date() =>
        DateTimeOffset
            .Parse(Spec(JobOf(timeout: long.MaxValue)).Annotations["custom-executor/expires-at"], null)
            .Year.Should()
            .BeGreaterThan(2090);

    [Fact]
    public void The_admins_choices_are_handed_on()
    {
        var settings = new DriverSettings
        {
            Kubernetes = new KubernetesSettings { Namespace = "elsewhere" },
            Builder = new BuilderSettings { StateSizeLimit = "5Gi" },
        };

        var spec = Spec(settings: settings);

        (spec.Namespace, spec.Name).Should().Be(("elsewhere", Name));
        spec.Settings.Should().BeSameAs(settings.Builder);
        spec.BuildkitdToml.Should().Be(BuildkitdToml.For("5Gi"));
        Spec(settings: settings, toml: "debug = true").BuildkitdToml.Should().Be("debug = true");
    }
}
