using CustomExecutor.Core.Attempt;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Builder.Diagnosis;
using CustomExecutor.Core.JobPod;

namespace CustomExecutor.Core.Tests.Builder.Diagnosis;

public sealed class LateStartSpecs
{
    private const string Lead = "The builder was not ready within 20 s (builder.prepareTimeoutSeconds): it waited for ";

    [Fact]
    public void I_am_told_what_the_builder_waited_for() =>
        Of(new PodDiagnosis.Waiting("for a node", "Add nodes.")).Should().Be($"{Lead}a node.\nAdd nodes.");

    [Fact]
    public void A_builder_of_which_nothing_was_seen_waited_for_a_node() => Of(null).Should().Be($"{Lead}a node.");

    [Fact]
    public void I_am_told_of_a_route_that_is_missing() =>
        Of(Running(new ConnectionTry(false, false, "connecting: no answer within 2 s")))
            .Should()
            .Be(
                $"{Lead}BuildKit to answer at tcp://10.0.0.1:1234 (connecting: no answer within 2 s).\n"
                    + "The runner has no route to pod addresses, or a NetworkPolicy forbids it."
            );

    [Fact]
    public void A_builder_that_listens_has_a_route() =>
        Of(Running(new ConnectionTry(false, true, "TLS handshake: EOF"), "A sidecar fails."))
            .Should()
            .Be($"{Lead}BuildKit to answer at tcp://10.0.0.1:1234 (TLS handshake: EOF).\nA sidecar fails.");

    [Fact]
    public void A_builder_that_was_not_tried_yet_waited_to_be() =>
        Of(Running(null)).Should().Be($"{Lead}BuildKit to answer at tcp://10.0.0.1:1234.");

    [Fact]
    public void In_a_jobs_pod_I_am_told_of_the_socket_and_no_address() =>
        LateStart
            .Sentence(
                TimeSpan.FromSeconds(20),
                Running(new ConnectionTry(false, false)),
                JobPodWait.Description([new ServicePort("svc-0", "postgres:17", 5432)])
            )
            .Should()
            .Be(
                "The job's pod was not ready within 20 s (builder.prepareTimeoutSeconds): it waited for BuildKit's "
                    + "socket /run/job/buildkitd.sock and the services' ports."
            );

    [Fact]
    public void In_a_jobs_pod_I_am_told_which_container_was_waited_for()
    {
        var build = new PodContainer("build", ContainerRole.Build, ImageOwner.Author, "ruby:3");
        var seen = PodFixtures.Seen(PodFixtures.Running("10.0.0.1")) with
        {
            Followed = build,
            Own = [PodContainer.Builder(""), build],
        };

        LateStart
            .Sentence(TimeSpan.FromSeconds(20), PodFixtures.Waits(seen), "for BuildKit")
            .Should()
            .EndWith("it waited for the job's container (image ruby:3) to be created.");
    }

    private static PodDiagnosis.Running Running(ConnectionTry? met, string? trouble = null) =>
        new("10.0.0.1", trouble, met);

    private static string Of(PodDiagnosis? last) => LateStart.Sentence(TimeSpan.FromSeconds(20), last);
}
