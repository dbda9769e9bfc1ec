using CustomExecutor.Core.Docker;
using CustomExecutor.Core.Runner;

namespace CustomExecutor.Core.Tests.Docker;

public sealed class UnusedImagesSpecs
{
    [Fact]
    public void An_image_and_services_are_reported_as_not_used() =>
        Notice("node:20", "docker:dind", "postgres:16")
            .Should()
            .StartWith("Not used: image node:20, services docker:dind, postgres:16. ")
            .And.Contain("runner's host");

    [Fact]
    public void A_service_alone_is_reported() => Notice(null, "redis").Should().StartWith("Not used: service redis. ");

    [Fact]
    public void Many_services_are_shortened_in_the_line() =>
        Notice(null, [.. Enumerable.Range(0, 100).Select(n => $"service-{n}")]).Should().Contain("and 97 more");

    [Fact]
    public void A_job_without_image_and_services_gets_no_line() => Notice(null).Should().BeNull();

    [Fact]
    public void Hostile_names_cannot_forge_a_line() =>
        Notice("x\n\u001b[0Ksection_start:1:x", "y\r\nERROR: z").Should().NotContainAny("\n", "\r", "\u001b");

    private static string? Notice(string? image, params string[] services) =>
        UnusedImages.Notice(
            JobContext.From(
                new JobResponse
                {
                    Id = 7,
                    Image = new JobImage(image),
                    Services = [.. services.Select(name => new JobImage(name)), null, new JobImage(null)],
                },
                "/tmp/a"
            )
        );
}
