namespace CustomExecutor.EndToEnd;

/// <summary>What a pipeline that was written for Docker-in-Docker does with its daemon.</summary>
internal static class DaemonRecipe
{
    /// <summary>GitLab's recipe, with its variables; then a build, and all that is done with an image.</summary>
    public const string Script = """
        export DOCKER_HOST=tcp://docker:2376 DOCKER_TLS_CERTDIR=/certs DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=/certs/client
        until docker info; do sleep 1; done
        printf 'FROM %s\nLABEL made=here\nRUN echo hello >/hello\n' $BASE_IMAGE | docker build --load -t $CI_REGISTRY_IMAGE:a -
        docker tag $CI_REGISTRY_IMAGE:a $CI_REGISTRY_IMAGE:b
        docker push $CI_REGISTRY_IMAGE:a
        docker push $CI_REGISTRY_IMAGE:b
        docker rmi $CI_REGISTRY_IMAGE:a $CI_REGISTRY_IMAGE:b
        docker pull $CI_REGISTRY_IMAGE:b
        docker inspect --format 'label {{ .Config.Labels.made }}' $CI_REGISTRY_IMAGE:b
        docker save $CI_REGISTRY_IMAGE:b | tar t | grep manifest.json
        """;

    /// <summary>That the script's log tells so, and the registry has what docker push says.</summary>
    public static async Task ShouldBeDone(JobOnNode job, string log)
    {
        log.Should().Contain("label here").And.Contain("\nmanifest.json");
        var pushed = log.Split('\n').Single(line => line.StartsWith("a: digest: sha256:", StringComparison.Ordinal));
        (await PushedImage.Of(job, "a")).Digest.Should().Be(pushed.Split(' ')[2]);
    }
}
