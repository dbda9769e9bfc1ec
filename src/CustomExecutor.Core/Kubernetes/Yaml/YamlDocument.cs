using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace CustomExecutor.Core.Kubernetes.Yaml;

/// <summary>
/// Converts a YAML file's first document to JSON, as kubectl does before it decodes a file. It uses the events of
/// YamlDotNet's parser, not its document tree, which recurses without a limit.
/// </summary>
public sealed class YamlDocument
{
    /// <summary>A kubeconfig has 6 levels. Very deep ones would overflow the stack.</summary>
    private const int MostLevels = 200;

    /// <summary>The limit for nodes from aliases: a few lines of aliases can expand to billions of nodes.</summary>
    private const int MostNodesOfAliases = 100_000;

    private readonly string _text;
    private readonly Parser _parser;
    private readonly Dictionary<string, JsonNode?> _anchors = new(StringComparer.Ordinal);
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);
    private int _aliased;
    private int _flows;

    private YamlDocument(string text) => (_text, _parser) = (text, new Parser(new StringReader(text)));

    /// <summary>Converts a file.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <returns>The document; null for an empty file or <c>null</c>.</returns>
    /// <exception cref="YamlSyntaxException">It is not YAML.</exception>
    public static JsonNode? Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new YamlDocument(YamlText.Decode(bytes));
        try
        {
            return reader.First();
        }
        catch (YamlException e)
        {
            throw new YamlSyntaxException(At(e.Start, "is not valid YAML. Is the file complete?"));
        }
        catch (Exception e)
            when (e
                    is InvalidOperationException
                        or ArgumentException
                        or FormatException
                        or NullReferenceException
                        or IndexOutOfRangeException
            )
        {
            // YamlDotNet's scanner throws these for some invalid texts.
            throw new YamlSyntaxException("the text is not valid YAML. Is the file complete?");
        }
    }

    private static string At(Mark mark, string sentence) => $"line {mark.Line} {sentence}";

    private JsonNode? First()
    {
        while (_parser.MoveNext())
        {
            if (_parser.Current is not DocumentStart start)
                continue;
            if (start.Version is { Version: not { Major: 1, Minor: 1 } })
                throw new YamlSyntaxException(At(start.Start, "declares a YAML version other than 1.1"));
            _parser.MoveNext();
            return Node(0);
        }

        return null;
    }

    /// <summary>
    /// Reads the node that begins with the current event. Afterwards, the current event is the node's last.
    /// </summary>
    private JsonNode? Node(int level)
    {
        var current = _parser.Current!;
        if (level > MostLevels)
            throw new YamlSyntaxException(At(current.Start, $"is nested deeper than {MostLevels} levels"));
        if (_flows == 0 && IsBehindTab(current.Start))
            throw new YamlSyntaxException(At(current.Start, "is indented with a tab. Use spaces"));
        if (current is AnchorAlias alias)
            return Alias(alias);

        var anchor = current is NodeEvent { Anchor: { IsEmpty: false } name } ? name.Value : null;
        if (anchor is not null)
            _open.Add(anchor);
        var node = current switch
        {
            Scalar scalar => Value(scalar),
            SequenceStart { Style: SequenceStyle.Flow } or MappingStart { Style: MappingStyle.Flow } => Flow(
                current,
                level
            ),
            SequenceStart => Sequence(level),
            MappingStart => Mapping(level),
            _ => throw new YamlSyntaxException(At(current.Start, "is not valid YAML. Is the file complete?")),
        };
        if (anchor is not null)
        {
            _open.Remove(anchor);
            _anchors[anchor] = node;
        }

        return node;
    }

    /// <summary>YAML allows only spaces for indentation; YamlDotNet also accepts tabs.</summary>
    private bool IsBehindTab(Mark mark)
    {
        var line = _text.LastIndexOf('\n', (int)Math.Clamp(mark.Index - 1, 0, _text.Length - 1)) + 1;
        var before = line < mark.Index ? _text[line..(int)Math.Min(mark.Index, _text.Length)] : "";
        return before.Contains('\t') && before.All(c => c is ' ' or '\t' or '-' or '?');
    }

    private JsonNode? Alias(AnchorAlias alias)
    {
        var name = alias.Value.Value;
        if (_open.Contains(name))
            throw new YamlSyntaxException(At(alias.Start, "has an alias inside its own anchor"));
        if (!_anchors.TryGetValue(name, out var node))
            throw new YamlSyntaxException(At(alias.Start, "has an alias without its anchor"));
        _aliased += Count(node);
        if (_aliased > MostNodesOfAliases)
            throw new YamlSyntaxException(At(alias.Start, "has aliases that expand to too many values"));
        return node?.DeepClone();
    }

    private static int Count(JsonNode? node) =>
        1
        + (
            node switch
            {
                JsonObject map => map.Sum(pair => Count(pair.Value)),
                JsonArray list => list.Sum(Count),
                _ => 0,
            }
        );

    private static JsonNode? Value(Scalar scalar)
    {
        try
        {
            if (!scalar.Tag.IsEmpty)
                return YamlScalar.OfTag(scalar.Tag.Value, scalar.Value);
        }
        catch (FormatException)
        {
            throw new YamlSyntaxException(At(scalar.Start, "has a value that does not fit its tag"));
        }

        return scalar.Style == ScalarStyle.Plain ? YamlScalar.OfPlain(scalar.Value) : JsonValue.Create(scalar.Value);
    }

    private JsonNode Flow(ParsingEvent start, int level)
    {
        _flows++;
        JsonNode node = start is SequenceStart ? Sequence(level) : Mapping(level);
        _flows--;
        return node;
    }

    private JsonArray Sequence(int level)
    {
        var list = new JsonArray();
        while (_parser.MoveNext() && _parser.Current is not SequenceEnd)
            list.Add(Node(level + 1));
        return list;
    }

    /// <summary>
    /// A duplicate key replaces the earlier value, also with <c>&lt;&lt;</c>, like go-yaml outside its strict mode.
    /// </summary>
    private JsonObject Mapping(int level)
    {
        var map = new JsonObject();
        while (_parser.MoveNext() && _parser.Current is not MappingEnd)
        {
            var merges = _parser.Current is Scalar { Value: "<<", Style: ScalarStyle.Plain };
            var start = _parser.Current!.Start;
            var key = Node(level + 1);
            _parser.MoveNext();
            var value = Node(level + 1);
            if (merges)
                Merge(map, value, start);
            else
                map[Key(key, start)] = value;
        }

        return map;
    }

    private static void Merge(JsonObject map, JsonNode? value, Mark start)
    {
        // The first of several mappings wins, so it is added last.
        var sources = value is JsonArray list ? [.. list.Reverse()] : new[] { value };
        foreach (var source in sources)
        {
            if (source is not JsonObject mapping)
                throw new YamlSyntaxException(At(start, "merges (<<) something that is not a mapping"));
            foreach (var (key, merged) in mapping)
                map[key] = merged?.DeepClone();
        }
    }

    private static string Key(JsonNode? key, Mark start) =>
        key?.GetValueKind() switch
        {
            JsonValueKind.String => key.GetValue<string>(),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => key.ToJsonString(),
            _ => throw new YamlSyntaxException(At(start, "has a key that is not text")),
        };
}
