using System.Text.Json.Nodes;
using CustomExecutor.Commands.Try;
using CustomExecutor.Testing.Servers;
using k8s;

namespace CustomExecutor.EndToEnd.JobPod;

/// <summary><c>docker login</c> in a job's script, on the real node.</summary>
public sealed class DockerLoginSpecs
{
    // docker waits for its stdin meanwhile, so that its arguments can be looked at.
    private const string LogIn = """
        mkdir -p /etc/docker/certs.d/$PRIVATE_REGISTRY
        printf %s "$REGISTRY_CA" > /etc/docker/certs.d/$PRIVATE_REGISTRY/ca.crt
        { sleep 3; printf %s "$REGISTRY_PASSWORD"; } | docker login -u $REGISTRY_USER --password-stdin $PRIVATE_REGISTRY

        """;

    private const string Push =
        "printf 'FROM %s\\nRUN date > /date\\n' $BASE_IMAGE | docker buildx build - --push -t $PRIVATE_REGISTRY/project:";

    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_one_jobs_own_and_its_password_is_in_no_log_argument_or_pod()
    {
        var authority = TestAuthority.Root();
        using var registry = await RegistryWithLogin.Start(Node.PodSettings, authority);
        using var files = new TemporaryDirectory();
        var adminLog = files.Write("admin.log", "");
        var settings = JsonNode.Parse(await File.ReadAllTextAsync(registry.Settings, TestEnds))!;
        settings["log"] = new JsonObject { ["path"] = adminLog, ["level"] = "Debug" };
        var settingsFile = files.Write("settings.json", settings.ToJsonString());
        var password = RegistryWithLogin.Login.Password;
        string log;
        await using (var beside = await PodAttempt.Start(Job(withPassword: false)))
        {
            await using var attempt = await PodAttempt.Start(Job(withPassword: true));
            var pods = new[] { await attempt.ReadPod(), await beside.ReadPod() };
            using var arguments = ArgumentsOfPods.Watch(pods.Select(pod => pod.Metadata.Uid));

            (await attempt.Passes("build_script", $"{LogIn}{Push}first")).Should().Contain("Login Succeeded");
            await IsRefused(beside);
            await attempt.Passes("after_script", $"{Push}second");

            var seen = await arguments.Stop();
            seen.Should().Contain(line => line.Contains("--password-stdin", StringComparison.Ordinal));
            seen.Should().NotContain(line => line.Contains(password, StringComparison.Ordinal));
            (await TextOf(attempt)).Should().Contain("buildkitd").And.NotContain(password);
            log = attempt.Log + beside.Log;
        }

        await using (var next = await PodAttempt.Start(Job(withPassword: false)))
            await IsRefused(next);

        (await registry.Tags("project")).Should().Contain("first").And.Contain("second").And.NotContain("refused");
        log.Should().NotContain(password);
        var admins = await File.ReadAllTextAsync(adminLog, TestEnds);
        admins.Should().NotBeEmpty().And.NotContain(password);

        JobOnNode Job(bool withPassword)
        {
            var job = new JobOnNode { InPod = true, Settings = settingsFile };
            job.Variables["PRIVATE_REGISTRY"] = registry.Address;
            if (withPassword)
            {
                job.Variables["REGISTRY_CA"] = authority.Pem + "\n";
                (job.Variables["REGISTRY_USER"], job.Variables["REGISTRY_PASSWORD"]) = RegistryWithLogin.Login;
            }

            return job;
        }
    }

    private static async Task<string> TextOf(PodAttempt attempt)
    {
        var pod = await attempt.ReadPod();
        pod.Metadata.ManagedFields = null; // The client library can't write them.
        return KubernetesJson.Serialize(pod);
    }

    private static async Task IsRefused(PodAttempt attempt)
    {
        var (result, output) = await attempt.Run("build_script", $"{Push}refused");

        result.Outcome.Should().Be(RunnerOutcome.BuildFailure, output);
        output.Should().ContainAny("authorization", "401", "no basic auth");
    }
}
