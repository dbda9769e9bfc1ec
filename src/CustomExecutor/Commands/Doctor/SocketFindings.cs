using System.Globalization;
using CustomExecutor.Core;
using CustomExecutor.Host.Files;

namespace CustomExecutor.Commands.Doctor;

/// <summary>Reports which unix sockets a script could connect to.</summary>
/// <param name="escapes">Those that lead out of the sandbox; they are reported as gaps.</param>
/// <param name="reached">All reachable sockets.</param>
internal sealed class SocketFindings(IReadOnlyList<string> escapes, IReadOnlyList<string> reached)
{
    /// <summary>The findings.</summary>
    public IEnumerable<Finding> All()
    {
        if (escapes.Count == 0)
        {
            yield return new Finding(
                "sockets that start processes (D-Bus, containers, machines)",
                Health.Good,
                "out of reach",
                ""
            );
        }

        foreach (var path in reached.Except(escapes).Except(escapes.Select(path => $"/var{path}")))
            yield return new Finding($"unix socket {DisplayText.Of(path)}", Health.Note, "reached", Owner(path));
    }

    private static string Owner(string path)
    {
        try
        {
            return FileMetadata.Of(path) switch
            {
                null => "",
                { IsOwn: true } => "this user's own",
                { Owner: 0 } => "root's: its service serves scripts like every other user",
                var facts => string.Create(CultureInfo.InvariantCulture, $"user {facts.Owner}'s"),
            };
        }
        catch (DriverException)
        {
            return "";
        }
    }
}
