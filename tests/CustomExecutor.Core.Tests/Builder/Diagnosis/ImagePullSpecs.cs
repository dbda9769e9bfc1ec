using static CustomExecutor.Core.Tests.Builder.PodFixtures;

namespace CustomExecutor.Core.Tests.Builder.Diagnosis;

public sealed class ImagePullSpecs
{
    private const string NotFound =
        "rpc error: code = NotFound desc = failed to pull and unpack image \"docker.io/moby/nope:1\": failed to "
        + "resolve reference \"docker.io/moby/nope:1\": docker.io/moby/nope:1: not found";

    private const string Refused =
        "rpc error: code = Unknown desc = failed to pull and unpack image \"docker.io/moby/nope:1\": failed to "
        + "resolve reference \"docker.io/moby/nope:1\": "
        + "pull access denied, repository does not exist or may require authorization: server message: "
        + "insufficient_scope: authorization failed";

    [Theory]
    [InlineData("ErrImagePull")]
    [InlineData("ImagePullBackOff")]
    public void A_failed_pull_is_waited_for_as_the_kubelet_tries_again(string reason) =>
        Waits(Seen(Waiting(reason, "ErrImagePull: " + NotFound)))
            .Reason.Should()
            .StartWith($"for the container ({reason}: ")
            .And.Contain("not found");

    [Fact]
    public void An_image_that_is_not_found_fails_after_a_short_grace()
    {
        Waits(Seen(Waiting("ErrImagePull", NotFound), seconds: 19))
            .Remedy.Should()
            .Contain("no such image")
            .And.Contain("builder.image");
        Fails(Seen(Waiting("ErrImagePull", NotFound), seconds: 20))
            .Should()
            .Contain("can't be pulled (ErrImagePull: ")
            .And.Contain("no such image");
    }

    [Theory]
    [InlineData(Refused)]
    [InlineData("unexpected status code https://registry.example.com/v2/x/manifests/1: 401 Unauthorized")]
    [InlineData("unexpected status from HEAD request to https://registry.example.com/v2/x/manifests/1: 403 Forbidden")]
    [InlineData("Error response from daemon: Get https://registry.example.com/v2/: no basic auth credentials")]
    [InlineData(
        "initializing source docker://x: reading manifest 1 in registry.example.com/x: unauthorized: "
            + "authentication required"
    )]
    public void A_registry_that_wants_a_login_fails_after_a_short_grace_and_names_the_pull_secrets(string message) =>
        Fails(Seen(Waiting("ErrImagePull", message), seconds: 20))
            .Should()
            .Contain("builder.imagePullSecrets")
            .And.Contain("builder.image");

    [Theory]
    [InlineData("dial tcp: lookup registry.example.com on 10.0.0.2:53: no such host", "DNS")]
    [InlineData("dial tcp 10.1.2.3:443: i/o timeout", "can't reach")]
    [InlineData("dial tcp 10.1.2.3:443: connect: connection refused", "can't reach")]
    [InlineData("net/http: TLS handshake timeout", "can't reach")]
    [InlineData(
        "unexpected status from HEAD request to https://registry.example.com/v2/x/manifests/1: 503 Service Unavailable",
        "can't reach"
    )]
    [InlineData("tls: failed to verify certificate: x509: certificate signed by unknown authority", "CA")]
    [InlineData("http: server gave HTTP response to HTTPS client", "plain HTTP")]
    [InlineData(
        "429 Too Many Requests - Server message: toomanyrequests: You have reached your unauthenticated pull rate "
            + "limit.",
        "rate limit"
    )]
    [InlineData("write /var/lib/containerd/x: no space left on device", "disk is full")]
    [InlineData("something else", "Check builder.image")]
    public void What_may_pass_is_waited_for_much_longer(string message, string remedy)
    {
        Waits(Seen(Waiting("ErrImagePull", message), seconds: 119)).Remedy.Should().Contain(remedy);
        Fails(Seen(Waiting("ErrImagePull", message), seconds: 120)).Should().Contain(remedy);
    }

    [Fact]
    public void An_image_of_another_architecture_names_the_node_selector() =>
        Fails(Seen(Waiting("ErrImagePull", "no match for platform in manifest: not found"), seconds: 20))
            .Should()
            .Contain("builder.nodeSelector");

    [Fact]
    public void The_pause_between_two_tries_takes_its_cause_from_the_last_event()
    {
        var events = new[]
        {
            Event("Failed", "Failed to pull image \"x\": i/o timeout"),
            Event("Failed", $"Failed to pull image \"x\": {NotFound}"),
            Event("Failed", "Error: ErrImagePull"),
        };

        Fails(Seen(Waiting("ImagePullBackOff", "Back-off pulling image \"x\""), "node-1", 20, events))
            .Should()
            .Contain("ImagePullBackOff: Back-off pulling image \"x\"; Failed to pull image")
            .And.Contain("no such image");
    }

    [Fact]
    public void A_pause_of_which_nothing_more_is_known_is_waited_for_long() =>
        Waits(Seen(Waiting("ImagePullBackOff", "Back-off pulling image \"x\""), seconds: 60))
            .Should()
            .Be(
                new CustomExecutor.Core.Builder.Diagnosis.PodDiagnosis.Waiting(
                    "for the container (ImagePullBackOff: Back-off pulling image \"x\")"
                )
            );
}
