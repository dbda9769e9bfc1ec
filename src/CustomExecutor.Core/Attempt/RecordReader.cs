using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CustomExecutor.Core.Attempt;

/// <summary>Reads records.</summary>
public static class RecordReader
{
    /// <summary>Reads the text of a record. Its names steer deletions and API calls, and a script may have changed
    /// them: they must be ones that prepare writes.</summary>
    /// <param name="json">The file's whole text.</param>
    /// <param name="subject">What the messages' sentences begin with, like "The attempt's record PATH".</param>
    /// <param name="name">The attempt's <see cref="AttemptRecord.Name"/>, known from elsewhere than the text.</param>
    /// <param name="directory">The attempt's directory where it is known too; null for any that a runner
    /// makes.</param>
    /// <exception cref="DriverException">It is damaged, of another version or of another attempt, or names what
    /// prepare does not make. The message is one sentence.</exception>
    public static AttemptRecord Parse(string json, string subject, string name, string? directory = null)
    {
        try
        {
            // Another version may have other fields: its format is told first.
            var format = JsonSerializer.Deserialize(json, RecordJson.Default.RecordFormat)?.Format;
            if (format != AttemptRecord.CurrentFormat)
            {
                throw new DriverException(
                    $"{subject} was written by another version of the driver (format "
                        + $"{format?.ToString(CultureInfo.InvariantCulture) ?? "unknown"}, this one reads "
                        + $"{AttemptRecord.CurrentFormat}): it is not used."
                );
            }

            var record = JsonSerializer.Deserialize(json, RecordJson.Default.AttemptRecord)!;
            return RecordRules.Mistake(record, name, directory) is { } mistake
                ? throw new DriverException($"{subject} {mistake}: it is not used.")
                : record;
        }
        catch (JsonException e)
        {
            throw new DriverException(
                $"{subject} is damaged ({DisplayText.Of(e.Path ?? "$")}, line {e.LineNumber + 1}): it is not used.",
                inner: e
            );
        }
    }
}

/// <summary>What all formats of a record have in common.</summary>
internal sealed record RecordFormat(int? Format);

/// <summary>The JSON shape of a record.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(AttemptRecord))]
[JsonSerializable(typeof(RecordFormat))]
internal sealed partial class RecordJson : JsonSerializerContext;
