using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace CustomExecutor.EngineApi.Json;

/// <summary>
/// Writes JSON as Go does: <c>+json</c> in a media type stays readable. None of it is ever put into a page.
/// </summary>
internal static class JsonBytes
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Of<T>(T value, JsonTypeInfo<T> shape)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text, Options))
            JsonSerializer.Serialize(writer, value, shape);
        return text.WrittenSpan.ToArray();
    }
}
