using System.Security.Cryptography;
using System.Text;

namespace CustomExecutor.Core.Scripts.Pod;

/// <summary>The name of one call of a script: a script of this name is started once, however often that is
/// tried.</summary>
public sealed record PodScriptId
{
    /// <param name="text">Letters and digits, at least 16: nothing that an author chose.</param>
    public PodScriptId(string text)
    {
        if (text.Length < 16 || !text.All(char.IsAsciiLetterOrDigit))
            throw new ArgumentException("A script's id has at least 16 letters and digits.");
        Text = text;
    }

    /// <summary>Letters and digits.</summary>
    public string Text { get; }

    /// <summary>
    /// What stands behind the script's last output, before its exit code. It is no secret (a script that forges it
    /// could as well end with that exit code), but a script that prints the id or its files by chance does not print
    /// it.
    /// </summary>
    internal string Mark =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"end of {Text}")).AsSpan(0, 16));
}
