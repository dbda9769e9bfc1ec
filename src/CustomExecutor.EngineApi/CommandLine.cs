using System.CommandLine;
using System.Reflection;
using CustomExecutor.EngineApi.Http;
using CustomExecutor.EngineApi.Registry;
using CustomExecutor.EngineApi.Store;

namespace CustomExecutor.EngineApi;

/// <summary>The program's arguments.</summary>
internal static class CommandLine
{
    public static async Task<int> Run(string[] args)
    {
        var socket = new Option<string>("--socket")
        {
            Description = "The unix socket to listen on, for DOCKER_HOST=unix://PATH.",
            Required = true,
        };
        var store = new Option<string>("--store")
        {
            Description = "The directory for the job's images; it is made if need be.",
            Required = true,
        };
        var limit = new Option<long?>("--max-store-bytes")
        {
            Description = "How many bytes of images the store may hold. Default: what the volume holds.",
        };
        var buildkitd = new Option<string?>("--buildkitd-config")
        {
            Description =
                "The job's buildkitd.toml. Of it, http, insecure and ca in [registry.\"HOST:PORT\"] are used; all the"
                + " rest is ignored, mirrors too: push and pull go to the registry itself.",
        };
        var mode = new Option<string>("--socket-mode")
        {
            Description = "The socket's mode, octal.",
            DefaultValueFactory = _ => "600",
        };
        var pid = new Option<string?>("--pid-file")
        {
            Description =
                "A file for the process's id and start (field 22 of /proc/PID/stat). It is there while the socket takes"
                + " connections. If another process serves it already, this one ends with success.",
        };
        var own = new Option<bool>("--own-sandbox")
        {
            Description = "Take connections of processes in the same Landlock sandbox only.",
        };
        mode.Validators.Add(result =>
        {
            if (Mode(result.GetValueOrDefault<string>()) is null)
                result.AddError("--socket-mode is three octal digits, such as 660.");
        });
        limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<long?>() is <= 0)
                result.AddError("--max-store-bytes is a number greater than 0.");
        });
        var command = new RootCommand("Serves the part of Docker's Engine API that concerns images, for one job.")
        {
            socket,
            store,
            limit,
            buildkitd,
            mode,
            pid,
            own,
        };
        command.SetAction(
            async (result, _) =>
            {
                var log = new ServerLog(Console.Error, TimeProvider.System);
                try
                {
                    var hosts = new RegistryHosts(
                        result.GetValue(buildkitd) is { } file ? BuildkitdConfig.Read(file) : new BuildkitdConfig()
                    );
                    var served = result.GetValue(pid) is { } pidFile ? new PidFile(pidFile) : null;
                    var directory = result.GetValue(store)!;
                    using var one = await StoreLock.Take(
                        directory,
                        () => served?.IsTrue() == true,
                        TimeProvider.System
                    );
                    if (one is null)
                        return 0;
                    var images = new ImageStore(directory, result.GetValue(limit));
                    await new EngineServer(images, hosts, Version, log).Run(
                        new EngineSocket(
                            result.GetValue(socket)!,
                            Mode(result.GetValue(mode))!.Value,
                            served,
                            result.GetValue(own)
                        )
                    );
                    return 0;
                }
                catch (Exception e)
                    when (e
                            is IOException
                                or UnauthorizedAccessException
                                or InvalidDataException
                                or Faults.EngineException
                    )
                {
                    log.Write($"can't start: {e.Message}");
                    return 1;
                }
            }
        );
        // The host ends the server at SIGTERM by itself.
        return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    private static string Version =>
        Assembly
            .GetExecutingAssembly()
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion;

    private static UnixFileMode? Mode(string? text)
    {
        if (text is not { Length: 3 } || text.AsSpan().ContainsAnyExceptInRange('0', '7'))
            return null;
        return (UnixFileMode)((text[0] - '0') << 6 | (text[1] - '0') << 3 | (text[2] - '0'));
    }
}
