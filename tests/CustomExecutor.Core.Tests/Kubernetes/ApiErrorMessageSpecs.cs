using System.Text.Json.Nodes;
using CustomExecutor.Core.Kubernetes;

namespace CustomExecutor.Core.Tests.Kubernetes;

public sealed class ApiErrorMessageSpecs
{
    private const string Doing = "create the builder pod in namespace gitlab-builders";
    private const string Pod = "pods \"k8s-builder-7-x\" is forbidden: ";

    [Theory]
    [InlineData(
        Pod + "exceeded quota: compute, requested: limits.cpu=4, used: limits.cpu=8, limited: limits.cpu=10",
        "quota compute is used up"
    )]
    [InlineData(Pod + "failed quota: compute: must specify limits.ephemeral-storage", "builder.resources")]
    [InlineData(Pod + "maximum memory usage per Container is 2Gi, but limit is 4Gi", "LimitRange")]
    [InlineData(
        Pod
            + "[minimum cpu usage per Pod is 1, but request is 500m, cpu max limit to request ratio per Container "
            + "is 4, but provided ratio is 8.000000]",
        "LimitRange"
    )]
    [InlineData(
        Pod
            + "violates PodSecurity \"baseline:latest\": seccompProfile (pod must not set "
            + "securityContext.seccompProfile.type to \"Unconfined\")",
        "pod-security.kubernetes.io/enforce=privileged"
    )]
    [InlineData(
        "pods \"x\" is forbidden: PodSecurityPolicy: unable to validate against any pod security policy: []",
        "PodSecurityPolicy"
    )]
    [InlineData(
        "pods \"x\" is forbidden: unable to validate against any security context constraint: [provider "
            + "\"anyuid\": Forbidden]",
        "SecurityContextConstraint"
    )]
    [InlineData(
        "admission webhook \"validate.kyverno.svc-fail\" denied the request: policy require-seccomp",
        "webhook validate.kyverno.svc-fail"
    )]
    [InlineData(
        "pods \"x\" is forbidden: ValidatingAdmissionPolicy 'no-unconfined' with binding 'all' denied request: no",
        "ValidatingAdmissionPolicy no-unconfined"
    )]
    [InlineData(
        Pod + "unable to create new content in namespace gitlab-builders because it is being terminated",
        "being deleted"
    )]
    public void An_admission_that_objects_is_named_with_its_remedy(string message, string remedy) =>
        Sentence(403, message, "Forbidden")
            .Should()
            .StartWith($"Kubernetes refused to {Doing}: 403 {message}\n")
            .And.Contain(remedy);

    [Theory]
    [InlineData(
        500,
        "Internal error occurred: failed calling webhook \"mutate.example.com\": failed to call webhook: Post "
            + "\"https://x\": context deadline exceeded",
        "webhook mutate.example.com does not work"
    )]
    [InlineData(403, Pod + "status unknown for quota: compute, resources: pods", "still computing")]
    [InlineData(
        403,
        Pod + "error looking up service account gitlab-builders/default: serviceaccount \"default\" not found",
        "service account"
    )]
    [InlineData(
        409,
        "Operation cannot be fulfilled on resourcequotas \"compute\": the object has been modified",
        "next attempt"
    )]
    [InlineData(429, "Too many requests, please try again later.", "overloaded")]
    [InlineData(500, "etcdserver: request timed out", "usually passes")]
    [InlineData(503, "apiserver is shutting down", "usually passes")]
    public void What_passes_by_itself_is_told_as_no_refusal(int code, string message, string remedy) =>
        Sentence(code, message).Should().StartWith($"Kubernetes could not {Doing}: {code} ").And.Contain(remedy);

    [Fact]
    public void A_missing_right_is_named_with_verb_and_resource() =>
        Sentence(
                403,
                "pods is forbidden: User \"system:serviceaccount:gitlab:runner\" cannot create resource \"pods\" "
                    + "in API group \"\" in the namespace \"gitlab-builders\"",
                "Forbidden"
            )
            .Should()
            .EndWith(
                "\nsystem:serviceaccount:gitlab:runner lacks the right to create pods: config/kubernetes/role.yaml "
                    + "has it (kubectl apply -k config/kubernetes)."
            );

    [Fact]
    public void A_403_that_says_no_more_points_to_the_role() =>
        Sentence(403, "no").Should().Contain("config/kubernetes/role.yaml");

    [Fact]
    public void A_401_points_to_the_credentials() =>
        Sentence(401, "Unauthorized").Should().Contain("kubernetes.kubeconfig");

    [Fact]
    public void A_namespace_that_does_not_exist() =>
        Sentence(404, "namespaces \"gitlab-builders\" not found", "NotFound")
            .Should()
            .Contain("kubernetes.namespace")
            .And.Contain("does not exist");

    [Fact]
    public void A_server_that_is_no_API_server() =>
        Sentence(404, "the server could not find the requested resource")
            .Should()
            .Contain("not a Kubernetes API server");

    [Fact]
    public void A_namespace_that_terminates_is_known_by_its_cause_as_well() =>
        ApiErrorMessage
            .Sentence(
                403,
                Body(
                    "no",
                    "Forbidden",
                    ("metadata.namespace", "namespace x is being terminated", "NamespaceTerminating")
                ),
                Doing
            )
            .Should()
            .Contain("being deleted");

    [Theory]
    [InlineData(
        "spec.containers[0].resources.requests",
        "must be less than or equal to cpu limit",
        "builder.resources.requests"
    )]
    [InlineData("spec.containers[0].image", "Required value", "builder.image")]
    [InlineData("spec.nodeSelector", "Invalid value: \"a b\"", "builder.nodeSelector")]
    [InlineData("spec.tolerations[0].effect", "Unsupported value: \"x\"", "builder.tolerations")]
    [InlineData(
        "spec.volumes[1].emptyDir.sizeLimit",
        "Invalid value: -1",
        "builder.stateSizeLimit and job.volumeSizeLimit"
    )]
    [InlineData("metadata.labels", "Invalid value: \"a b\"", "instance")]
    [InlineData("data", "Too long: must have at most 1048576 bytes", "builder.buildkitdConfig")]
    public void A_field_that_is_not_taken_is_shown_with_its_setting(string field, string message, string key) =>
        ApiErrorMessage
            .Sentence(422, Body("Pod \"x\" is invalid", "Invalid", (field, message, "FieldValueInvalid")), Doing)
            .Should()
            .EndWith($"\n{field}: {message} (see {key} in the settings)");

    [Fact]
    public void A_field_that_no_setting_makes_is_shown_alone() =>
        ApiErrorMessage
            .Sentence(422, Body("x", "Invalid", ("spec.hostUsers", "no", "FieldValueForbidden")), Doing)
            .Should()
            .EndWith("\nspec.hostUsers: no");

    [Fact]
    public void A_name_that_is_taken_is_left_to_the_next_attempt() =>
        Sentence(409, "pods \"x\" already exists", "AlreadyExists")
            .Should()
            .StartWith("Kubernetes refused to ")
            .And.Contain("next attempt");

    [Fact]
    public void A_request_that_is_too_large() =>
        Sentence(413, "Request entity too large: limit is 3145728").Should().Contain("builder.buildkitdConfig");

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("{\"kind\":\"Stat")]
    [InlineData("{\"kind\":[\"Status\"],\"message\":\"secret\"}")]
    [InlineData("{\"message\":\"secret\",\"details\":{\"causes\":[7,{}]}}")]
    [InlineData("{\"kind\":\"Pod\",\"message\":\"secret\"}")]
    [InlineData("{\"kind\":\"Status\",\"message\":\"secret \\ud800\"}")]
    [InlineData("<html>secret \u001b[0K</html>")]
    [InlineData("secret")]
    public void A_body_that_is_not_a_status_leaves_HTTPs_own_words(string? body) =>
        ApiErrorMessage
            .Sentence(502, body, Doing)
            .Should()
            .StartWith($"Kubernetes could not {Doing}: 502 Bad Gateway (the answer has no Kubernetes status)\n")
            .And.NotContain("secret");

    [Theory]
    [InlineData("{\"kind\":\"Status\"}")]
    [InlineData("{\"kind\":\"Status\",\"message\":7,\"details\":{\"causes\":[7,{}]}}")]
    [InlineData("{\"kind\":\"Status\",\"message\":null,\"details\":7}")]
    public void A_status_that_says_nothing_leaves_HTTPs_own_words(string body) =>
        ApiErrorMessage
            .Sentence(502, body, Doing)
            .Should()
            .StartWith($"Kubernetes could not {Doing}: 502 Bad Gateway\n");

    [Theory]
    [InlineData(302, "redirects")]
    [InlineData(400, "not a Kubernetes API server")]
    [InlineData(401, "credentials")]
    [InlineData(403, "proxy or a gateway")]
    [InlineData(404, "not a Kubernetes API server")]
    [InlineData(407, "proxy or a gateway")]
    [InlineData(418, "not a Kubernetes API server")]
    [InlineData(429, "overloaded")]
    [InlineData(503, "usually passes")]
    [InlineData(599, "usually passes")]
    [InlineData(999, "usually passes")]
    public void Whoever_answers_in_the_place_of_the_API_server_gets_a_remedy_too(int code, string remedy) =>
        ApiErrorMessage
            .Sentence(code, "<html>login</html>", Doing)
            .Should()
            .Contain($": {code}")
            .And.Contain(remedy)
            .And.NotContain("login");

    [Fact]
    public void A_long_message_stays_one_short_line()
    {
        var message = Sentence(502, "\n\u001b[0K" + new string('x', 10_000));

        message.Split('\n').Should().HaveCount(2);
        message.Should().NotContain("\u001b").And.Match(m => m.Length < 1300);
    }

    private static string Sentence(int code, string message, string reason = "") =>
        ApiErrorMessage.Sentence(code, Body(message, reason), Doing);

    private static string Body(
        string message,
        string reason,
        params (string Field, string Message, string Reason)[] causes
    ) =>
        new JsonObject
        {
            ["kind"] = "Status",
            ["message"] = message,
            ["reason"] = reason,
            ["details"] = new JsonObject
            {
                ["causes"] = new JsonArray([
                    .. causes.Select(c => new JsonObject
                    {
                        ["field"] = c.Field,
                        ["message"] = c.Message,
                        ["reason"] = c.Reason,
                    }),
                ]),
            },
        }.ToJsonString();
}
