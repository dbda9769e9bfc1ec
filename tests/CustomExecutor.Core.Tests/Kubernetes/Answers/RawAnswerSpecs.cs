using System.Text.Json;
using CustomExecutor.Core.Kubernetes.Answers;

namespace CustomExecutor.Core.Tests.Kubernetes.Answers;

/// <summary>Values that Kubernetes never sends.</summary>
public sealed class RawAnswerSpecs
{
    [Theory]
    [InlineData("[null]")]
    [InlineData("""{"a":[{"b":[1,null]}]}""")]
    [InlineData("""{"metadata":{"labels":{"a":"b","c":null}}}""")]
    [InlineData("""{"metadata":{"annotations":{"a":null}}}""")]
    [InlineData("""{"spec":{"nodeSelector":{"a":null}}}""")]
    [InlineData("""{"limits":{"memory":"1e999999999"}}""")]
    [InlineData("""{"requests":{"cpu":"1E-1000"}}""")]
    [InlineData("""{"emptyDir":{"sizeLimit":"1e9999"}}""")]
    [InlineData("""{"limits":{"memory":"111111111111111111111111111111111"}}""")]
    [InlineData("""{"limits":{"memory":null}}""")]
    public void An_impossible_value_is_found_anywhere(string json) => Problem(json).Should().NotBeNull();

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("17")]
    [InlineData("""{"metadata":{"creationTimestamp":null,"labels":null}}""")]
    [InlineData("""{"metadata":{"labels":["a"]}}""")]
    [InlineData("""{"limits":{"memory":"9223372036854775807","cpu":"1500m","a":"1Ei","b":"12e6"}}""")]
    [InlineData("""{"sizeLimit":"20Gi","divisor":"0"}""")]
    public void Everything_that_Kubernetes_sends_is_accepted(string json) => Problem(json).Should().BeNull();

    private static string? Problem(string json)
    {
        using var document = JsonDocument.Parse(json);
        return RawAnswer.Problem(document.RootElement);
    }
}
