using CustomExecutor.Core.Runner;

namespace CustomExecutor.Core.Tests.Runner;

public sealed class JobResponseSpecs
{
    [Fact]
    public void I_learn_whose_job_it_is_and_nothing_else_is_asked_for()
    {
        var response = JobResponse.Parse(
            """
            {
              "id": 4711, "token": "t", "allow_git_fetch": true, "new_in_some_version": {"deep": [1, {"deeper": null}]},
              "job_info": {"name": "build image", "stage": "build", "project_id": 42, "project_full_path": "group/project", "queue_depth": 0},
              "git_info": {"repo_url": "https://gitlab.example.com/group/project.git", "refspecs": []},
              "runner_info": {"timeout": 3600, "uuid": ""},
              "credentials": [{"type": "registry", "url": "registry.example.com", "username": "u", "password": "p"}]
            }

            """
        );

        response.Id.Should().Be(4711);
        response.JobInfo.Should().Be(new JobInfo("build image", "build", 42, "group/project"));
        response.GitInfo!.RepoUrl.Should().Be("https://gitlab.example.com/group/project.git");
        response.RunnerInfo!.Timeout.Should().Be(3600);
        response.Credentials.Should().Equal(new JobCredentials("registry", "registry.example.com", "u", "p"));
    }

    [Fact]
    public void A_job_id_may_be_as_large_as_the_runners_own_boot_verification_makes_it() =>
        JobResponse.Parse("""{"id": 9223372036854775807}""").Id.Should().Be(long.MaxValue);

    [Fact]
    public void A_timeout_may_be_larger_than_32_bits() =>
        JobResponse
            .Parse("""{"id": 1, "runner_info": {"timeout": 4294967296}}""")
            .RunnerInfo!.Timeout.Should()
            .Be(4294967296);

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""null""")]
    [InlineData("""{"id": 0}""")]
    [InlineData("""{"id": -7}""")]
    [InlineData("""{"Id": 7, "ID": 7, "job_id": 7}""")]
    [InlineData("""{"job_info": {"id": 7}, "variables": [{"key": "CI_JOB_ID", "value": "7"}]}""")]
    public void Without_a_job_id_there_is_no_job(string json) => Refusal(json).Should().Contain("no job id");

    [Theory]
    [InlineData("")]
    [InlineData("\0")]
    [InlineData("no json")]
    [InlineData("""[{"id": 1}]""")]
    [InlineData("""{"id": 1""")]
    [InlineData("""{"id": 1} {"id": 2}""")]
    [InlineData("""{"id": "1"}""")]
    [InlineData("""{"id": 1.5}""")]
    [InlineData("""{"id": null}""")]
    [InlineData("""{"id": 9223372036854775808}""")]
    [InlineData("""{"id": 1, "job_info": []}""")]
    [InlineData("""{"id": 1, "job_info": {"project_id": "42"}}""")]
    [InlineData("""{"id": 1, "runner_info": {"timeout": null}}""")]
    [InlineData("""{"id": 1, "credentials": {}}""")]
    [InlineData("""{"id": 1, "credentials": ["registry"]}""")]
    [InlineData("""{"id": 1, "git_info": {"repo_url": ["\ud800"]}}""")]
    public void What_is_no_job_is_refused_with_the_place(string json) =>
        Refusal(json).Should().Match("The job response file can't be read*line 1*");

    [Fact]
    public void A_job_with_two_ids_is_refused_as_nobody_could_say_whose_builder_is_meant() =>
        Refusal("""{"id": 1, "id": 2}""").Should().Contain("can't be read");

    [Fact]
    public void Nesting_without_end_is_refused() =>
        Refusal("""{"id": 1, "x": """ + new string('[', 100_000)).Should().Contain("can't be read");

    [Theory]
    [InlineData("""{"id": 1, "token": "s3cret", "job_info": "s3cret"}""")]
    [InlineData("""{"id": "s3cret"}""")]
    [InlineData("""{"id": 1, "credentials": [{"type": "registry", "password": 's3cret'}]}""")]
    [InlineData("""{"id": 1, "credentials": [{"type": "registry", "password": ["s3cret"]}]}""")]
    [InlineData("""{"id": 1, "token": s3cret}""")]
    [InlineData("s3cret")]
    public void A_refusal_quotes_no_secret(string json)
    {
        var parse = () => JobResponse.Parse(json);

        var refusal = parse.Should().Throw<DriverException>().Which;
        refusal.ToString().Should().NotContain("s3cret");
    }

    [Fact]
    public void A_refusal_stays_one_line_whatever_the_file_calls_its_keys() =>
        Refusal("""{"id": 1, "a\nsection_start:1:forged\r\u001b[0K": tru""")
            .Should()
            .NotContainAny("\n", "\r", "\u001b");

    [Fact]
    public void A_response_that_is_printed_shows_no_secret()
    {
        var response = new JobResponse
        {
            Id = 1,
            GitInfo = new GitInfo("https://gitlab-ci-token:s3cret@gitlab.example.com/group/project.git"),
            Credentials = [new JobCredentials("registry", "registry.example.com", "user", "s3cret")],
        };

        $"{response} {response.GitInfo} {response.Credentials[0]}"
            .Should()
            .NotContain("s3cret")
            .And.Contain("registry.example.com");
    }

    private static string Refusal(string json)
    {
        var parse = () => JobResponse.Parse(json);
        return parse.Should().Throw<DriverException>().Where(e => e.Kind == FailureKind.System).Which.Message;
    }
}
