using System.Net;
using CustomExecutor.Core.Builder;
using CustomExecutor.Core.Docker;

namespace CustomExecutor.Core.Tests.Docker;

public sealed class BuildxInstanceSpecs
{
    [Fact]
    public void The_instance_is_what_buildx_itself_would_write()
    {
        var endpoint = new BuilderEndpoint(IPAddress.Parse("10.244.1.7"), "k8s-builder-7-b");

        BuildxInstance
            .For(endpoint, "k8s-builder-7-b", "/tmp/a/job/certs")
            .ToJson()
            .Should()
            .Be(
                """{"Name":"k8s-builder-7-b","Driver":"remote","Nodes":[{"Name":"k8s-builder-7-b0","Endpoint":"tcp://10.244.1.7:1234","DriverOpts":{"cacert":"/tmp/a/job/certs/ca.pem","cert":"/tmp/a/job/certs/cert.pem","key":"/tmp/a/job/certs/key.pem","servername":"k8s-builder-7-b"}}],"Dynamic":false}"""
            );
    }

    [Theory]
    [InlineData("10.244.1.7", "tcp://10.244.1.7:1234")]
    [InlineData("fd00:10:244::1f", "tcp://[fd00:10:244::1f]:1234")]
    [InlineData("::ffff:10.0.0.1", "tcp://[::ffff:10.0.0.1]:1234")]
    public void An_endpoint_is_an_address_as_buildx_takes_it(string address, string url) =>
        new BuilderEndpoint(IPAddress.Parse(address), "name").Url.Should().Be(url);
}
