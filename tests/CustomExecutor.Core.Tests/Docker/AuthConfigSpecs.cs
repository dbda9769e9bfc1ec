using CustomExecutor.Core.Docker;
using CustomExecutor.Core.Runner;

namespace CustomExecutor.Core.Tests.Docker;

public sealed class AuthConfigSpecs
{
    private const string Logins = """{"auths":{}}""";

    [Fact]
    public void A_plain_variables_value_is_the_text() => Of(Logins).Should().Be(Logins);

    [Fact]
    public void A_variable_of_type_File_gives_the_files_content() =>
        Of("/builds/g/p.tmp/DOCKER_AUTH_CONFIG", new JobVariable("DOCKER_AUTH_CONFIG", Logins, File: true))
            .Should()
            .Be(Logins);

    [Fact]
    public void A_variable_may_refer_to_one_of_type_File() =>
        Of("/builds/g/p.tmp/MY_LOGINS", new JobVariable("MY_LOGINS", Logins, File: true)).Should().Be(Logins);

    [Fact]
    public void The_later_of_two_variables_wins() =>
        Of(
                Logins,
                new JobVariable("DOCKER_AUTH_CONFIG", "old", File: true),
                new JobVariable("DOCKER_AUTH_CONFIG", Logins)
            )
            .Should()
            .Be(Logins);

    [Theory]
    [InlineData("/etc/shadow")]
    [InlineData("/root/.docker/config.json")]
    public void A_path_that_the_author_chooses_is_not_opened(string path) => Of(path).Should().Be(path);

    [Fact]
    public void Without_the_variable_there_is_no_text() => Of(null).Should().BeNull();

    private static string? Of(string? value, params JobVariable[] variables) =>
        AuthConfig.Of(
            new RunnerEnvironment(
                value is null ? new Dictionary<string, string>() : new() { ["CUSTOM_ENV_DOCKER_AUTH_CONFIG"] = value }
            ),
            JobContext.From(new JobResponse { Id = 7, Variables = variables }, "/tmp/a")
        );
}
