using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Builder.Diagnosis;
using k8s.Models;

namespace CustomExecutor.Core.Tests.Builder.Diagnosis;

public sealed class ServiceEndSpecs
{
    private static readonly PodContainer Service = new(
        "svc-0",
        ContainerRole.Service,
        ImageOwner.Author,
        "postgres:17"
    );

    [Fact]
    public void Exit_code_and_last_lines_are_told()
    {
        ServiceEnd
            .Lines(Service, Ended(3), "starting\nno password\n")
            .Should()
            .Be("Service postgres:17 has ended with exit code 3. Its last lines:\n  starting\n  no password");
    }

    [Fact]
    public void A_service_without_a_log_is_told_so()
    {
        ServiceEnd
            .Lines(Service, Ended(0), "")
            .Should()
            .Be("Service postgres:17 has ended with exit code 0. It has logged nothing.");
    }

    [Fact]
    public void A_service_that_never_ran_is_told_in_the_nodes_words()
    {
        var ended = Ended(128, "StartError");
        ended.Message = "exec: \"no-such-program\": executable file not found\u001b[2J";

        ServiceEnd
            .Lines(Service, ended, "")
            .Should()
            .StartWith("Service postgres:17 could not be started (exec: \"no-such-program\": executable file not found")
            .And.NotContain("\u001b");
    }

    [Fact]
    public void A_lack_of_memory_names_the_setting()
    {
        ServiceEnd.Lines(Service, Ended(137, "OOMKilled"), "").Should().Contain("services.resources.limits.memory");
    }

    [Fact]
    public void A_log_can_not_write_lines_or_colours_of_its_own()
    {
        ServiceEnd
            .Lines(Service, Ended(1), "red \u001b[31mtext\rJob succeeded")
            .Should()
            .NotContain("\u001b")
            .And.NotContain("\r");
    }

    private static V1ContainerStateTerminated Ended(int code, string? reason = null) =>
        new() { ExitCode = code, Reason = reason };
}
