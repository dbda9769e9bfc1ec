using System.Security.Cryptography;

namespace CustomExecutor.Core.Tests;

public sealed class Sha256Specs
{
    [Fact]
    public void It_is_the_systems_SHA_256_for_texts_of_every_length()
    {
        var random = new Random(0);
        for (var length = 0; length <= 300; length++)
        {
            var data = new byte[length];
            random.NextBytes(data);

            Sha256.Of(data).Should().Equal(SHA256.HashData(data), $"of {length} bytes");
        }
    }
}
