using System.Net;
using CustomExecutor.Core.Kubernetes;

namespace CustomExecutor.Core.Tests.Kubernetes;

/// <summary>RFC 8305, section 4.</summary>
public sealed class AddressOrderSpecs
{
    [Theory]
    [InlineData("", "")]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("192.0.2.1 192.0.2.2", "192.0.2.1 192.0.2.2")]
    [InlineData("2001:db8::1 2001:db8::2 192.0.2.1 192.0.2.2", "2001:db8::1 192.0.2.1 2001:db8::2 192.0.2.2")]
    [InlineData("192.0.2.1 2001:db8::1 2001:db8::2", "192.0.2.1 2001:db8::1 2001:db8::2")]
    [InlineData("2001:db8::1 2001:db8::2 2001:db8::3 192.0.2.1", "2001:db8::1 192.0.2.1 2001:db8::2 2001:db8::3")]
    [InlineData("192.0.2.1 192.0.2.1 2001:db8::1", "192.0.2.1 2001:db8::1")]
    public void Families_alternate_and_the_resolvers_first_stays_first(string resolved, string order) =>
        AddressOrder
            .Alternating([.. resolved.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse)])
            .Should()
            .Equal(order.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse));
}
