using System.Text;
using CustomExecutor.Core;
using CustomExecutor.Core.Kubernetes.ExecPlugins;
using CustomExecutor.Core.Kubernetes.Kubeconfig;
using CustomExecutor.Host.Processes;
using Serilog;

namespace CustomExecutor.Kubernetes.Credentials;

/// <summary>
/// Runs an exec plugin and reads its output. Messages never contain its output, which is secret, or its error output,
/// which is for the admin.
/// </summary>
/// <param name="plugin">The plugin.</param>
/// <param name="info">What it is given in <see cref="ExecInfo.Variable"/>.</param>
/// <param name="origin">Where the kubeconfig has it.</param>
/// <param name="time">The clock.</param>
internal sealed class PluginCall(ExecPlugin plugin, string info, string origin, TimeProvider time)
{
    /// <summary>Longer than any plugin needs that does not wait for a person.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    /// <summary>The timeout for the rest of a plugin's error output after it has ended.</summary>
    private static readonly TimeSpan ErrorTimeout = TimeSpan.FromMilliseconds(500);

    /// <summary>For the end of a plugin that was killed; one that hangs in the kernel is not waited for.</summary>
    private static readonly TimeSpan AfterKill = TimeSpan.FromSeconds(1);

    private const int MostOutput = 16 * 1024 * 1024;
    private const int MostErrorOutput = 8 * 1024;

    private readonly string _name = $"The exec plugin {DisplayText.Of(plugin.Command)} ({origin})";

    /// <summary>Runs the plugin once.</summary>
    /// <param name="admin">Receives its error output.</param>
    /// <param name="cancel">Kills it and everything that it started.</param>
    /// <exception cref="DriverException">It did not return credentials.</exception>
    public async Task<ExecCredentialOutput> Run(ILogger admin, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using var late = new CancellationTokenSource(Timeout, time);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        using var output = new ChildProcessPipe();
        using var errors = new ChildProcessPipe();
        using var child = Start(output, errors);
        // Also what it has started: that may hold its output open. At once, for this process may be about to end.
        // And it is waited for: whoever looks at this process's children next must not find it among them.
        using var kill = bound.Token.Register(() =>
        {
            child.SignalGroup(ChildProcessSignal.Kill);
            child.Exit.Wait(AfterKill);
        });
        output.CloseWriter();
        errors.CloseWriter();
        var words = PluginStreams.ReadTail(errors.Reader, MostErrorOutput);
        try
        {
            var printed = PluginStreams.ReadAll(output.Reader, MostOutput);
            var exit = await child.Exit.WaitAsync(bound.Token);
            // One that was killed here may be seen to end before the token's own wait is.
            bound.Token.ThrowIfCancellationRequested();
            if (exit.Code != 0)
            {
                throw new DriverException($"{_name} {Ended(exit)}. Its error output is in the admin's log (log.path).");
            }

            return Read(await printed.WaitAsync(bound.Token));
        }
        catch (OperationCanceledException)
        {
            cancel.ThrowIfCancellationRequested();
            throw new DriverException(
                $"{_name} did not end within {Timeout.TotalSeconds:0} s, so it was killed. Run it by hand as the "
                    + "runner's user to see what it waits for."
            );
        }
        finally
        {
            await Report(words, admin);
        }
    }

    private static string Ended(ChildExit exit) =>
        exit.Code is { } code ? $"exited with {code}" : $"was killed by signal {exit.Signal}";

    private ExecCredentialOutput Read(byte[]? printed)
    {
        if (printed is null)
            throw new DriverException($"{_name} printed more than {MostOutput / 1024 / 1024} MiB.");
        try
        {
            return ExecCredentialOutput.Read(printed, plugin.ApiVersion);
        }
        catch (FormatException e)
        {
            // Without the inner exception: a parser's message would quote the output.
            throw new DriverException($"{_name} {e.Message}");
        }
    }

    private async Task Report(Task<byte[]> words, ILogger admin)
    {
        var late = Task.Delay(ErrorTimeout, time);
        if (await Task.WhenAny(words, late) == late || await words is not { Length: > 0 } text)
            return;
        admin.Warning(
            "The exec plugin {Plugin} wrote to stderr: {Text}",
            plugin.Command,
            Encoding.UTF8.GetString(text).Trim()
        );
    }

    private ChildProcess Start(ChildProcessPipe output, ChildProcessPipe errors)
    {
        // In this process's PATH, as in client-go, not in the plugin's env.
        var path = ChildProcessFile.Find(new ChildProcessStart(plugin.Command, [], new Dictionary<string, string>()));
        if (path is null || !File.Exists(path))
        {
            var where = plugin.Command.Contains('/') ? "does not exist" : "is not in any directory of PATH";
            var hint = plugin.InstallHint is { } text
                ? $"\nThe kubeconfig says how to install it: {DisplayText.Of(text, 1000)}"
                : "";
            throw new DriverException($"{_name} {where}. Install it for the runner's user.{hint}");
        }

        try
        {
            return ChildProcess.Start(
                new ChildProcessStart(path, plugin.Arguments, Variables())
                {
                    // Not in a directory where a job's script may have left files.
                    WorkingDirectory = "/",
                    NewProcessGroup = true,
                    StandardOutput = output.Writer,
                    StandardError = errors.Writer,
                }
            );
        }
        catch (DriverException e)
        {
            throw new DriverException($"{_name}: {e.Message}");
        }
    }

    /// <summary>This process's environment without the job's variables, and the kubeconfig's variables.</summary>
    private Dictionary<string, string> Variables()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry own in Environment.GetEnvironmentVariables())
        {
            if (
                own is { Key: string name, Value: string value }
                && !name.StartsWith("CUSTOM_ENV_", StringComparison.Ordinal)
            )
            {
                variables[name] = value;
            }
        }

        foreach (var (name, value) in plugin.Environment)
            variables[name] = value;
        variables[ExecInfo.Variable] = info;
        return variables;
    }
}
