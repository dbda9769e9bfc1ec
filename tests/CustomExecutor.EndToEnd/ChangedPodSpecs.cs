using System.Runtime.InteropServices;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Builder.Diagnosis;
using CustomExecutor.Core.Kubernetes;
using CustomExecutor.Core.Runner;
using k8s;
using k8s.Models;

namespace CustomExecutor.EndToEnd;

/// <summary>Builders' pods as a webhook of the cluster would have changed them, judged by the status that the real
/// kubelet writes.</summary>
public sealed class ChangedPodSpecs
{
    [Fact]
    public async Task An_init_container_that_fails_is_named()
    {
        var failed = await FailureOf(p => p.Spec.InitContainers = [Injected("mesh-init", "exit 3")]);

        failed
            .Should()
            .StartWith(
                "The builder ended before it was ready: the init container mesh-init, which the cluster added to "
                    + "the pod, failed: Error, exit code 3\n"
            );
    }

    [Fact]
    public async Task An_init_container_whose_command_does_not_exist_is_named()
    {
        var init = Injected("mesh-init", "");
        init.Command = ["/no/such/program"];

        (await FailureOf(p => p.Spec.InitContainers = [init]))
            .Should()
            .Contain("the init container mesh-init")
            .And.Contain("/no/such/program");
    }

    [Fact]
    public async Task An_init_container_whose_image_does_not_exist_is_named()
    {
        var init = Injected("mesh-init", "");
        init.Image = $"{Node.Registry}/no/such:image";

        (await FailureOf(p => p.Spec.InitContainers = [init]))
            .Should()
            .StartWith(
                "The image of the init container mesh-init, which the cluster added to the pod, can't be pulled ("
            )
            .And.NotContain("builder.image");
    }

    [Fact]
    public async Task A_sidecar_that_fails_is_told_beside_a_builder_that_runs()
    {
        var running = await Verdict(
            p => p.Spec.Containers.Add(Injected("mesh", "exit 4")),
            v => v is PodDiagnosis.Running { Trouble: not null } or PodDiagnosis.Failed
        );

        // The certificates of this pod are not valid, so buildkitd may have ended already: then it is not the sidecar
        // that is blamed.
        if (running is PodDiagnosis.Running { Trouble: { } trouble })
        {
            trouble
                .Should()
                .StartWith(
                    "In the same pod, the sidecar mesh, which the cluster added to the pod, does not run (Error, "
                        + "exit code 4)"
                );
        }
        else
        {
            running.Should().BeOfType<PodDiagnosis.Failed>().Which.Message.Should().NotContain("mesh");
        }
    }

    [Theory]
    [InlineData(1000660000, 1000660000)]
    [InlineData(2000, 1000)]
    public async Task Another_user_id_is_named(long user, long group)
    {
        var failed = await FailureOf(p =>
        {
            p.Spec.SecurityContext.RunAsUser = user;
            p.Spec.SecurityContext.RunAsGroup = group;
        });

        failed.Should().Contain($"securityContext.runAsUser is {user} (the driver sets 1000)");
    }

    private static async Task<string> FailureOf(Action<V1Pod> change) =>
        (await Verdict(change, v => v is PodDiagnosis.Failed)).Should().BeOfType<PodDiagnosis.Failed>().Which.Message;

    /// <summary>The first verdict that settles it.</summary>
    private static async Task<PodDiagnosis> Verdict(Action<V1Pod> change, Func<PodDiagnosis, bool> settles)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(3));
        var spec = Spec();
        var pod = PodManifest.Create(spec);
        change(pod);
        var created = await Node.Client.CoreV1.CreateNamespacedPodAsync(
            pod,
            spec.Namespace,
            cancellationToken: patience.Token
        );
        try
        {
            var secret = SecretManifest.Create(
                spec,
                new ServerCredentials("ca", "certificate", "key"),
                created.Metadata.Uid
            );
            await Node.Client.CoreV1.CreateNamespacedSecretAsync(
                secret,
                spec.Namespace,
                cancellationToken: patience.Token
            );
            var history = new BuilderHistory(created, BuilderPhase.Starting, FollowedContainers.BuilderAlone);
            var clock = System.Diagnostics.Stopwatch.StartNew();
            while (true)
            {
                var verdict = history.After(
                    new BuilderChange.PodSeen(
                        await Node.Client.CoreV1.ReadNamespacedPodAsync(
                            spec.Name,
                            spec.Namespace,
                            cancellationToken: patience.Token
                        )
                    ),
                    clock.Elapsed
                );
                if (settles(verdict))
                    return verdict;
                await Task.Delay(100, patience.Token);
            }
        }
        finally
        {
            await Node.Client.CoreV1.DeleteNamespacedPodAsync(
                spec.Name,
                spec.Namespace,
                gracePeriodSeconds: 0,
                cancellationToken: CancellationToken.None
            );
        }
    }

    private static BuilderSpec Spec()
    {
        var id = JobOnNode.NextId();
        var job = JobContext.From(
            new JobResponse
            {
                Id = id,
                JobInfo = new JobInfo("build", "build", 42, "group/project"),
                GitInfo = new GitInfo("https://gitlab.example.com/group/project.git"),
                RunnerInfo = new RunnerInfo(300),
            },
            "/tmp/custom-executor1"
        );
        return BuilderPlanner.Plan(
            job,
            Node.Settings,
            BuilderPlanner.NameOf(id, "bcdf7hjk"),
            new ServerVersion(1, 20),
            RuntimeInformation.OSArchitecture,
            null,
            DateTimeOffset.UtcNow
        );
    }

    private static V1Container Injected(string name, string script) =>
        new()
        {
            Name = name,
            Image = Node.BaseImage,
            Command = ["/bin/sh", "-c", script],
        };
}
