using System.Diagnostics;
using CliWrap;
using CliWrap.Buffered;

namespace CustomExecutor.Tests.Host.Files;

/// <summary>A directory in which a hostile script has been, or still is, and one outside that must stay as it
/// is.</summary>
internal sealed class HostileTree : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly List<Process> _attackers = [];

    private HostileTree()
    {
        Directory.CreateDirectory(Top);
        foreach (var number in Enumerable.Range(0, 20))
            _directory.Write($"outside/{number}/file", "precious");
    }

    public string Top => Path.Combine(_directory.Path, "top");

    public string Outside => Path.Combine(_directory.Path, "outside");

    public string Elsewhere => Directory.CreateDirectory(Path.Combine(_directory.Path, "elsewhere")).FullName;

    /// <summary>Whether anything is at the top's path.</summary>
    public bool Exists => File.Exists(Top) || Directory.Exists(Top) || new FileInfo(Top).LinkTarget is not null;

    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    private string Program => Path.Combine(_directory.Path, "hostiletree");

    public static async Task<HostileTree> Create()
    {
        var tree = new HostileTree();
        await Cli.Wrap("gcc")
            .WithArguments(["-O1", "-w", "-o", tree.Program, Path.Combine(AppContext.BaseDirectory, "hostiletree.c")])
            .ExecuteBufferedAsync(TestEnds);
        return tree;
    }

    /// <summary>Runs a bash script in the top directory.</summary>
    public Task Script(string script) =>
        Cli.Wrap("bash")
            .WithArguments(["-ec", script.Replace("OUTSIDE", Outside, StringComparison.Ordinal)])
            .WithWorkingDirectory(Top)
            .ExecuteBufferedAsync(TestEnds);

    /// <summary>Runs the program (hostiletree.c) to its end.</summary>
    public Task Make(params string[] arguments) =>
        Cli.Wrap(Program).WithArguments(arguments).ExecuteBufferedAsync(TestEnds);

    /// <summary>Starts the program, which goes on beside the test.</summary>
    public void Attack(params string[] arguments) => _attackers.Add(Process.Start(Program, arguments));

    public void OutsideShouldBeWhole() =>
        Directory.GetFiles(Outside, "file", SearchOption.AllDirectories).Should().HaveCount(20);

    /// <summary>Ends what <see cref="Attack"/> has started.</summary>
    public void EndAttacks()
    {
        foreach (var attacker in _attackers)
        {
            attacker.Kill();
            attacker.WaitForExit();
            attacker.Dispose();
        }

        _attackers.Clear();
    }

    public void Dispose()
    {
        EndAttacks();
        using var rm = Process.Start("rm", ["-rf", _directory.Path]);
        rm.WaitForExit();
    }
}
