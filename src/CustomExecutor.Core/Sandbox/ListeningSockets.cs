namespace CustomExecutor.Core.Sandbox;

/// <summary>The kernel's table of unix sockets, <c>/proc/net/unix</c> (proc_net_unix in proc(5)).</summary>
public static class ListeningSockets
{
    private const int Columns = 8;
    private const int FlagsColumn = 3;

    /// <summary>The flags of a socket that listens.</summary>
    private const string Listening = "00010000";

    /// <summary>The paths of the sockets that listen, without abstract names.</summary>
    /// <param name="table">The table's text.</param>
    public static IReadOnlyList<string> Paths(string table) =>
        [
            .. table
                .Split('\n')
                .Select(line => line.Split(' ', Columns, StringSplitOptions.RemoveEmptyEntries))
                .Where(columns =>
                    columns.Length == Columns && columns[FlagsColumn] == Listening && columns[^1].StartsWith('/')
                )
                .Select(columns => columns[^1])
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
}
