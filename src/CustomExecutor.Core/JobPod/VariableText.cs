using System.Text;
using CustomExecutor.Core.Runner;

namespace CustomExecutor.Core.JobPod;

/// <summary>Puts a job's variables into an author's text, as the runner does for its own executors (<c>os.Expand</c> in
/// Go, <c>Variables.value</c> in GitLab Runner's source).</summary>
internal sealed class VariableText
{
    private const int ShortestMasked = 8;

    private const string Special = "*#$@!?-0123456789";

    private readonly Dictionary<string, JobVariable> _variables = new(StringComparer.Ordinal);

    /// <param name="variables">The job's; of two with one key the later one counts.</param>
    public VariableText(IEnumerable<JobVariable?> variables)
    {
        foreach (var variable in variables)
        {
            if (variable is { Key: { Length: > 0 } key })
                _variables[key] = variable;
        }
    }

    /// <summary>The variables, each key once.</summary>
    public IReadOnlyCollection<JobVariable> All => _variables.Values;

    /// <summary>The text with <c>$NAME</c> and <c>${NAME}</c> replaced; an unknown one and a file are empty.</summary>
    /// <param name="text">Hostile text.</param>
    /// <param name="hasSecret">Whether a variable that is not public went into it.</param>
    public string Expand(string text, out bool hasSecret)
    {
        hasSecret = false;
        var expanded = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; )
        {
            if (text[i] != '$' || i + 1 == text.Length)
            {
                expanded.Append(text[i++]);
                continue;
            }

            var name = NameAt(text, i + 1, out var end);
            if (end == i + 1 || name == "$")
            {
                expanded.Append('$');
            }
            else if (_variables.TryGetValue(name, out var variable) && !variable.File)
            {
                expanded.Append(variable.Value);
                hasSecret |= !variable.Public;
            }

            i = end;
        }

        return expanded.ToString();
    }

    /// <summary>Whether a text has the value of a variable in it that is not public: GitLab has put it there. Shorter
    /// ones than GitLab masks are nobody's secret.</summary>
    public bool HoldsSecret(string text) =>
        _variables.Values.Any(v =>
            v is { Public: false, Value.Length: >= ShortestMasked } && text.Contains(v.Value, StringComparison.Ordinal)
        );

    /// <summary>Go's <c>getShellName</c>.</summary>
    private static string NameAt(string text, int at, out int end)
    {
        if (text[at] == '{')
        {
            var close = text.IndexOf('}', at);
            end = close < 0 ? at + 1 : close + 1;
            return close < 0 ? "" : text[(at + 1)..close];
        }

        end = at + 1;
        if (Special.Contains(text[at]))
            return text[at..end];
        end = at;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
            end++;
        return text[at..end];
    }
}
