using System.Text;

namespace CustomExecutor.Commands.Try;

/// <summary>A script as the runner's bash shell writes it (<c>shells/bash.go</c> in its source, v19.3).</summary>
internal static class ScriptFile
{
    /// <summary>
    /// The whole script: exports of all job variables, then the commands, all inside one <c>eval</c> of a quoted word.
    /// </summary>
    /// <param name="variables">The job's variables.</param>
    /// <param name="directory">The directory in which the commands run; null if the stage does not change it.</param>
    /// <param name="commands">bash text.</param>
    public static string Text(IReadOnlyDictionary<string, string> variables, string? directory, string commands)
    {
        var body = new StringBuilder();
        foreach (var (key, value) in variables)
            body.Append("export ").Append(key).Append('=').Append(Quote(value)).Append('\n');
        if (directory is not null)
            body.Append("cd ").Append(Quote(directory)).Append('\n');
        body.Append(commands).Append('\n');
        return $"""
            #!/usr/bin/env bash

            trap 'exit 1' TERM

            if set -o | grep pipefail > /dev/null; then set -o pipefail; fi; set -o errexit
            set +o noclobber
            (trap 'exit 1' TERM; eval {Quote(body.ToString())}) < /dev/null
            exit 0

            """;
    }

    /// <summary>One bash word with exactly this value.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("$'");
        foreach (var character in text)
        {
            quoted.Append(
                character switch
                {
                    '\\' => @"\\",
                    '\'' => @"\'",
                    '\n' => @"\n",
                    '\r' => @"\r",
                    '\t' => @"\t",
                    < ' ' or '\x7f' => $"\\x{(int)character:x2}",
                    _ => character.ToString(),
                }
            );
        }

        return quoted.Append('\'').ToString();
    }
}
