using CustomExecutor.Core.Runner;

namespace CustomExecutor.Core.Tests.Runner;

public sealed class JobResponseSpecs
{
    [Fact]
    public void Only_the_required_fields_are_read()
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
    public void An_image_and_a_service_may_say_all_that_the_runner_writes()
    {
        var response = JobResponse.Parse(
            """
            {
              "id": 1,
              "image": {"name": "node:20", "entrypoint": [""], "pull_policy": ["always", null], "ports": [{"number": 1}],
                "executor_opts": {"docker": {"platform": "linux/arm64", "user": "node"}, "kubernetes": {"user": "1000:1000"}}},
              "services": [null, {"name": "postgres", "alias": "db,pg  x", "entrypoint": ["a"], "command": ["b", "c"],
                "variables": [{"key": "K", "value": "V", "public": true, "file": false, "raw": true, "masked": true}],
                "pull_policy": null, "executor_opts": {}}]
            }
            """
        );

        response.Image!.PullPolicy.Should().Equal("always", null);
        response
            .Image.ExecutorOpts.Should()
            .Be(new JobImageOptions(new JobImageOption("node", "linux/arm64"), new JobImageOption("1000:1000")));
        var service = response.Services![1]!;
        service.Aliases.Should().Equal("db", "pg", "x");
        service.Entrypoint.Should().Equal("a");
        service.Command.Should().Equal("b", "c");
        service.Variables.Should().Equal(new JobVariable("K", "V", Public: true, Raw: true));
        service.ExecutorOpts.Should().Be(new JobImageOptions(null, null));
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
    public void A_response_without_a_job_id_is_refused(string json) => Refusal(json).Should().Contain("no job id");

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
    [InlineData("""{"id": 1, "image": "node"}""")]
    [InlineData("""{"id": 1, "image": {"pull_policy": "always"}}""")]
    [InlineData("""{"id": 1, "services": [{"command": "a"}]}""")]
    [InlineData("""{"id": 1, "image": {"executor_opts": {"kubernetes": {"user": 1}}}}""")]
    [InlineData("""{"id": 1, "credentials": ["registry"]}""")]
    [InlineData("""{"id": 1, "git_info": {"repo_url": ["\ud800"]}}""")]
    public void An_invalid_response_is_refused_with_the_position(string json) =>
        Refusal(json).Should().Match("The job response file can't be read*line 1*");

    [Fact]
    public void A_job_with_two_ids_is_refused_because_it_is_ambiguous() =>
        Refusal("""{"id": 1, "id": 2}""").Should().Contain("can't be read");

    [Fact]
    public void Very_deep_nesting_is_refused() =>
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
    public void A_refusal_is_one_line_whatever_the_keys_are() =>
        Refusal("""{"id": 1, "a\nsection_start:1:forged\r\u001b[0K": tru""")
            .Should()
            .NotContainAny("\n", "\r", "\u001b");

    [Fact]
    public void A_printed_response_shows_no_secret()
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
