using System.Text.Json.Nodes;
using CustomExecutor.Commands.Try;

namespace CustomExecutor.EndToEnd.JobPod;

/// <summary>An author's image in a registry that asks for a login, on the real node.</summary>
public sealed class PrivateImageSpecs
{
    [Fact]
    public async Task The_logins_of_the_job_push_an_image_and_pull_it_as_the_next_jobs_image()
    {
        using var registry = await RegistryWithLogin.Start(Node.PodSettings);
        using var _ = NodesRegistry.SpeaksHttp(registry.Address);
        var image = $"{registry.Address}/project:private";
        using var pushing = new JobOnNode
        {
            InPod = true,
            Settings = registry.Settings,
            Credentials = [registry.Credentials],
        };
        pushing.Variables["IMAGE"] = image;

        var (pushed, pushLog) = await pushing.Run(
            "printf 'FROM %s\\nENV WHICH=private\\n' $BASE_IMAGE | docker buildx build --push -t $IMAGE -"
        );
        pushed.Outcome.Should().Be(RunnerOutcome.Success, pushLog);

        var (pulled, pullLog) = await RunIn(image, registry, withLogin: true);
        // The node has the image by then.
        var (refused, refusedLog) = await RunIn(image, registry, withLogin: false);

        pulled.Outcome.Should().Be(RunnerOutcome.Success, pullLog);
        pullLog.Should().Contain("this is private").And.NotContain(RegistryWithLogin.Login.Password);
        refused.Outcome.Should().Be(RunnerOutcome.BuildFailure, refusedLog);
        refusedLog.Should().Contain(image).And.NotContain("this is private");
    }

    private static async Task<(RunnerResult Verdict, string Log)> RunIn(
        string image,
        RegistryWithLogin registry,
        bool withLogin
    )
    {
        using var files = new TemporaryDirectory();
        var settings = JsonNode.Parse(File.ReadAllText(registry.Settings))!;
        settings["job"]!["pullPolicies"] = new JsonArray("Always");
        using var job = new JobOnNode
        {
            InPod = true,
            Settings = files.Write("settings.json", settings.ToJsonString()),
            Image = image,
            Credentials = withLogin ? [registry.Credentials] : [],
        };
        return await job.Run("echo this is $WHICH");
    }
}
