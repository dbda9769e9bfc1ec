using CustomExecutor.Core.Runner;

namespace CustomExecutor.Core.Tests.Runner;

public sealed class JobContextSpecs
{
    [Fact]
    public void The_runners_own_boot_verification_is_a_job_too()
    {
        var job = Job(
            """
            {"id": 9223372036854775000, "token": "boot-verify", "job_info": {"name": "boot-verify", "stage": "boot-verify", "project_id": 0},
             "git_info": {"repo_url": ""}, "runner_info": {"timeout": 300}, "credentials": null, "image": {}}
            """
        );

        job.JobId.Should().Be(9223372036854775000);
        job.ProjectId.Should().Be(0);
        job.ProjectUrl.Should().BeNull();
        job.JobUrl.Should().BeNull();
        job.Timeout.Should().Be(TimeSpan.FromMinutes(5));
        job.RegistryCredentials.Should().BeEmpty();
    }

    [Theory]
    [InlineData("""{"id": 1}""")]
    [InlineData("""{"id": 1, "job_info": null, "git_info": null, "runner_info": null, "credentials": null}""")]
    [InlineData("""{"id": 1, "job_info": {}, "git_info": {}, "runner_info": {}, "credentials": []}""")]
    [InlineData("""{"id": 1, "job_info": {"name": null}, "git_info": {"repo_url": null}, "credentials": [null, {}]}""")]
    public void Omitted_fields_have_defaults(string json)
    {
        var job = Job(json);

        job.Should()
            .BeEquivalentTo(
                new
                {
                    JobId = 1L,
                    ProjectId = 0L,
                    JobName = "",
                    ProjectUrl = (Uri?)null,
                    Timeout = TimeSpan.FromHours(2),
                }
            );
        job.RegistryCredentials.Should().BeEmpty();
    }

    [Theory]
    [InlineData("""{"protected": true}""", true)]
    [InlineData("""{"protected": false}""", false)]
    [InlineData("""{"protected": null}""", false)]
    [InlineData("{}", false)]
    public void A_branch_is_protected_if_GitLab_says_so(string gitInfo, bool isProtected) =>
        Job(
            $$"""{"id": 1, "git_info": {{gitInfo}}, "variables": [{"key": "CI_COMMIT_REF_PROTECTED", "value": "true"}]}"""
        )
            .IsProtected.Should()
            .Be(isProtected);

    [Theory]
    [InlineData("0", 7200)]
    [InlineData("-1", 7200)]
    [InlineData("1", 1)]
    [InlineData("86400", 86400)]
    [InlineData("2147483647", int.MaxValue)]
    [InlineData("9223372036854775807", int.MaxValue)]
    public void A_missing_timeout_is_two_hours_and_a_very_long_one_is_limited(string timeout, long seconds) =>
        Job("""{"id": 1, "runner_info": {"timeout": N}}""".Replace("N", timeout))
            .Timeout.Should()
            .Be(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData(
        "https://gitlab-ci-token:s3cret@gitlab.example.com/group/project.git",
        "https://gitlab.example.com/group/project"
    )]
    [InlineData(
        "https://s3cret@gitlab.example.com/group/sub.group/my_project-1.git",
        "https://gitlab.example.com/group/sub.group/my_project-1"
    )]
    [InlineData(
        "https://gitlab-ci-token:s3cret@host.example.com/gitlab/group/project.git",
        "https://host.example.com/gitlab/group/project"
    )]
    [InlineData(
        "http://gitlab-ci-token:s3cret@gitlab.example.com:8929/group/project.git",
        "http://gitlab.example.com:8929/group/project"
    )]
    [InlineData(
        "https://gitlab-ci-token:s3cret@gitlab.example.com:443/group/project.git",
        "https://gitlab.example.com/group/project"
    )]
    [InlineData(
        "http://gitlab-ci-token:s3cret@[2001:db8::1]:8080/group/project.git",
        "http://[2001:db8::1]:8080/group/project"
    )]
    [InlineData(
        "https://gitlab-ci-token:s3cret@[2001:db8::1]/group/project.git",
        "https://[2001:db8::1]/group/project"
    )]
    [InlineData("https://gitlab.example.com/group/project.git/", "https://gitlab.example.com/group/project")]
    [InlineData(
        "https://gitlab.example.com/group/project.git?private_token=s3cret#s3cret",
        "https://gitlab.example.com/group/project"
    )]
    [InlineData("https://gitlab.example.com/group/.git.git", "https://gitlab.example.com/group/.git")]
    [InlineData(
        "https://gitlab.example.com/group/a%20b%2523%3Fc.git",
        "https://gitlab.example.com/group/a%20b%2523%3Fc"
    )]
    public void The_pages_of_project_and_job_contain_no_credentials(string repoUrl, string page)
    {
        var job = Job(Cloned(repoUrl));

        job.ProjectUrl!.AbsoluteUri.Should().Be(page);
        job.JobUrl!.AbsoluteUri.Should().Be(page + "/-/jobs/7");
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("group/project.git")]
    [InlineData("/group/project.git")]
    [InlineData("https://")]
    [InlineData("https://gitlab.example.com")]
    [InlineData("https://gitlab.example.com/.git")]
    [InlineData("https://gitlab.example.com:99999/group/project.git")]
    [InlineData("git@gitlab.example.com:group/project.git")]
    [InlineData("ssh://git@gitlab.example.com/group/project.git")]
    [InlineData("file:///etc/passwd")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://user:1/s3cret@gitlab.example.com/group/project.git")]
    [InlineData("https://user:pa/s3cret@gitlab.example.com/group/project.git")]
    public void An_unusable_repository_URL_gives_no_page(string repoUrl)
    {
        var job = Job(Cloned(repoUrl));

        job.ProjectUrl.Should().BeNull();
        job.JobUrl.Should().BeNull();
    }

    [Fact]
    public void A_trailing_slash_of_the_projects_page_is_accepted() =>
        (Job(Cloned("")) with { ProjectUrl = new Uri("https://gitlab.example.com/group/project/") })
            .JobUrl.Should()
            .Be(new Uri("https://gitlab.example.com/group/project/-/jobs/7"));

    [Fact]
    public void Only_logins_of_image_registries_are_kept()
    {
        var job = Job(
            """
            {"id": 1, "credentials": [null, {"type": "package", "url": "a"}, {"type": "registry", "url": "b"}, {"url": "c"}, {"type": "registry", "url": "b"}]}
            """
        );

        job.RegistryCredentials.Select(c => c.Url).Should().Equal("b", "b");
    }

    [Fact]
    public void A_negative_project_id_is_ignored_because_it_is_not_a_valid_label() =>
        Job("""{"id": 1, "job_info": {"project_id": -5}}""").ProjectId.Should().Be(0);

    private static JobContext Job(string json) => JobContext.From(JobResponse.Parse(json), "/tmp/custom-executor123");

    private static string Cloned(string repoUrl) =>
        """{"id": 7, "git_info": {"repo_url": "URL"}}""".Replace("URL", repoUrl);
}
