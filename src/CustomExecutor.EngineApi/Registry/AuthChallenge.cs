namespace CustomExecutor.EngineApi.Registry;

/// <summary>
/// A challenge of the header <c>WWW-Authenticate</c> (RFC 9110, 11.6.1), such as <c>Bearer
/// realm="...",service="..."</c>.
/// </summary>
/// <param name="Scheme">In lower case.</param>
/// <param name="Parameters">By their names in lower case.</param>
public sealed record AuthChallenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    /// <summary>A parameter's value, or null.</summary>
    public string? this[string name] => Parameters.GetValueOrDefault(name);

    /// <summary>
    /// Reads the header's values; several challenges may stand in one. What can't be read is left out.
    /// </summary>
    public static IReadOnlyList<AuthChallenge> Parse(IEnumerable<string> headers) =>
        [.. headers.SelectMany(header => new Reader(header).Read())];

    private sealed class Reader(string text)
    {
        private int _at;

        public IEnumerable<AuthChallenge> Read()
        {
            (string Scheme, Dictionary<string, string> Parameters)? open = null;
            while (Skip() && Token() is { Length: > 0 } word)
            {
                var end = _at;
                Blanks();
                if (open is not null && _at < text.Length && text[_at] == '=')
                {
                    _at++;
                    Blanks();
                    open.Value.Parameters[word.ToLowerInvariant()] = Value();
                    continue;
                }

                _at = end;
                if (open is { } done)
                    yield return new AuthChallenge(done.Scheme, done.Parameters);
                open = (word.ToLowerInvariant(), []);
            }

            if (open is { } last)
                yield return new AuthChallenge(last.Scheme, last.Parameters);
        }

        private bool Skip()
        {
            while (_at < text.Length && text[_at] is ' ' or '\t' or ',')
                _at++;
            return _at < text.Length;
        }

        private void Blanks()
        {
            while (_at < text.Length && text[_at] is ' ' or '\t')
                _at++;
        }

        private string Token()
        {
            var start = _at;
            while (_at < text.Length && text[_at] is not (' ' or '\t' or ',' or '=' or '"'))
                _at++;
            return text[start.._at];
        }

        private string Value()
        {
            if (_at >= text.Length || text[_at] != '"')
                return Token();
            var value = new System.Text.StringBuilder();
            for (_at++; _at < text.Length && text[_at] != '"'; _at++)
            {
                if (text[_at] == '\\' && _at + 1 < text.Length)
                    _at++;
                value.Append(text[_at]);
            }

            _at++;
            return value.ToString();
        }
    }
}
