using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using CustomExecutor.EngineApi.Faults;
using CustomExecutor.EngineApi.References;
using CustomExecutor.EngineApi.Store;

namespace CustomExecutor.EngineApi.Images;

/// <summary>The filters of <c>docker images</c> and <c>docker image prune</c>.</summary>
public sealed class ImageFilters
{
    private static readonly string[] Known = ["reference", "dangling", "label", "label!", "before", "since", "until"];
    private readonly Dictionary<string, List<string>> _filters = [];

    /// <summary>
    /// Reads the query's JSON: <c>{"label": ["a=b"]}</c>, or <c>{"label": {"a=b": true}}</c> of older clients.
    /// </summary>
    /// <exception cref="EngineException">It is neither, or names an unknown filter.</exception>
    public static ImageFilters Parse(string? json)
    {
        var filters = new ImageFilters();
        if (string.IsNullOrEmpty(json))
            return filters;
        try
        {
            using var document = JsonDocument.Parse(json);
            foreach (var filter in document.RootElement.EnumerateObject())
            {
                if (!Known.Contains(filter.Name))
                {
                    throw EngineException.Invalid(
                        $"invalid filter '{Core.DisplayText.Of(filter.Name, 50)}'; there are {string.Join(", ", Known)}"
                    );
                }

                filters._filters[filter.Name] =
                    filter.Value.ValueKind == JsonValueKind.Object
                        ? [.. filter.Value.EnumerateObject().Select(value => value.Name)]
                        : [.. filter.Value.EnumerateArray().Select(value => value.GetString() ?? "")];
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw EngineException.Invalid("the filters are not an object of lists of texts");
        }

        return filters;
    }

    /// <summary><c>dangling</c>, or null where it is not asked for.</summary>
    /// <exception cref="EngineException">It is neither true nor false.</exception>
    public bool? Dangling =>
        Values("dangling").FirstOrDefault() switch
        {
            null => null,
            "true" or "1" => true,
            "false" or "0" => false,
            var other => throw EngineException.Invalid($"invalid filter 'dangling={Core.DisplayText.Of(other, 50)}'"),
        };

    /// <summary>Whether an image passes all filters but <see cref="Dangling"/>.</summary>
    /// <param name="view">The image.</param>
    /// <param name="table">Finds the images of <c>before</c> and <c>since</c>.</param>
    /// <param name="createdOf">When an image was created.</param>
    /// <param name="now">Seconds since 1970.</param>
    public bool Pass(ImageView view, ImageTable table, Func<ImageRecord, long> createdOf, long now) =>
        (
            Values("reference").Count == 0
            || Values("reference").Any(pattern => view.Tags.Concat(view.Digests).Any(name => Matches(name, pattern)))
        )
        && Values("label").All(label => HasLabel(view, label))
        && !Values("label!").Any(label => HasLabel(view, label))
        && Values("before").All(other => view.Config.CreatedSeconds < createdOf(table.Get(other)))
        && Values("since").All(other => view.Config.CreatedSeconds > createdOf(table.Get(other)))
        && Values("until").All(time => view.Config.CreatedSeconds <= Until(time, now));

    private List<string> Values(string filter) => _filters.GetValueOrDefault(filter) ?? [];

    private static bool HasLabel(ImageView view, string label)
    {
        var parts = label.Split('=', 2);
        return view.Config.Labels?.TryGetValue(parts[0], out var value) == true
            && (parts.Length == 1 || value == parts[1]);
    }

    /// <summary>Docker matches the whole name or the name without its tag, as Go's <c>path.Match</c> does.</summary>
    private static bool Matches(string familiar, string pattern)
    {
        var name = ImageReference.Parse(familiar);
        // A doubled star is no different, and a slash is matched by none.
        var text = Regex
            .Escape(pattern)
            .Replace(@"\*", "[^/]*", StringComparison.Ordinal)
            .Replace(@"\?", "[^/]", StringComparison.Ordinal);
        var expression = new Regex($@"^{text}\z", RegexOptions.NonBacktracking);
        return expression.IsMatch(familiar)
            || expression.IsMatch(name.FamiliarRepository)
            || expression.IsMatch(name.FamiliarRepository.Split('/')[^1]);
    }

    /// <summary>A time, seconds since 1970, or Go's duration before now (<c>24h</c>, <c>1h30m</c>).</summary>
    private static long Until(string time, long now)
    {
        if (long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return seconds;
        var parts = Regex.Match(time, @"^(?:(\d{1,7})h)?(?:(\d{1,7})m)?(?:(\d{1,7})s)?\z");
        if (parts.Success && time.Length > 0)
            return now - Number(parts.Groups[1]) * 3600 - Number(parts.Groups[2]) * 60 - Number(parts.Groups[3]);
        return DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, out var at)
            ? at.ToUnixTimeSeconds()
            : throw EngineException.Invalid(
                $"invalid filter 'until={Core.DisplayText.Of(time, 50)}': it is a time or a duration such as 24h"
            );
    }

    private static long Number(Group group) =>
        group.Success ? long.Parse(group.Value, CultureInfo.InvariantCulture) : 0;
}
