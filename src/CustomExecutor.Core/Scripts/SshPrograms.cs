using CustomExecutor.Core.Runner;

namespace CustomExecutor.Core.Scripts;

/// <summary>
/// Wrappers of OpenSSH's programs for the front of a script's <c>PATH</c>. OpenSSH ignores <c>HOME</c> and reads the
/// home directory from the password database: the runner's home, which is closed to scripts. Each wrapper executes the
/// real program with the job's own <c>~/.ssh</c>.
/// </summary>
public static class SshPrograms
{
    public static IReadOnlyList<string> Names { get; } = ["ssh", "scp", "sftp", "ssh-agent", "ssh-add", "ssh-keygen"];

    /// <summary>The keys that ssh and ssh-add look for, in ssh's order (IdentityFile in ssh_config(5)).</summary>
    private const string Keys = "id_rsa id_ecdsa id_ecdsa_sk id_ed25519 id_ed25519_sk";

    /// <summary>Matches an Include of ssh_config(5) with a relative path.</summary>
    private const string Include =
        """^\([[:space:]]*[Ii][Nn][Cc][Ll][Uu][Dd][Ee][[:space:]]\{1,\}\)\([^/"[:space:]]\)""";

    /// <summary>The text of one wrapper.</summary>
    /// <param name="name">The program's name.</param>
    /// <param name="program">The real program's path.</param>
    /// <param name="paths">The attempt's files.</param>
    public static string Wrapper(string name, string program, AttemptPaths paths) =>
        $"""
            #!/bin/sh
            # custom-executor put this here: {name} would look for .ssh in the runner's home, which is closed to jobs.
            # This is the job's own.
            ssh={ShellWord.Of(Path.Join(paths.Home, ".ssh"))}
            {Body(name, paths)}
            exec {ShellWord.Of(program)} "$@"

            """;

    private static string Body(string name, AttemptPaths paths) =>
        name switch
        {
            "ssh-agent" => Agent(paths),
            "ssh-add" => AddKeys,
            "ssh-keygen" => KnownHosts,
            _ => Config(paths),
        };

    /// <summary>
    /// With <c>-F</c>, ssh reads one file instead of the user's and the system's, so the file contains both. The first
    /// value of an option wins, but all IdentityFiles are used. In the user's part, ~, %d and relative includes would
    /// also refer to the home in the password database.
    /// </summary>
    private static string Config(AttemptPaths paths) =>
        $$"""
            config={{ShellWord.Of(Path.Join(paths.Job, "ssh_config"))}}
            [ -d "$ssh" ] || mkdir -m 700 "$ssh"
            {
                [ ! -r "$ssh/config" ] || sed \
                    -e {{ShellWord.Of(Replace("""\([[:space:]="]\)~/""", @"\1", paths.Home, "/"))}} \
                    -e {{ShellWord.Of(Replace("%d", "", paths.Home, ""))}} \
                    -e {{ShellWord.Of(Replace(Include, @"\1", paths.Home, @"/.ssh/\2"))}} "$ssh/config"
                printf '\nMatch all\nInclude /etc/ssh/ssh_config\nMatch all\n'
                printf 'UserKnownHostsFile "%s/known_hosts" "%s/known_hosts2"\n' "$ssh" "$ssh"
                for key in {{Keys}}; do
                    [ ! -e "$ssh/$key" ] || printf 'IdentityFile "%s/%s"\n' "$ssh" "$key"
                done
            } > "$config.$$" && mv -f "$config.$$" "$config" || exit 255
            set -- -F "$config" "$@"
            """;

    /// <summary>
    /// Since 10.1 the agent creates its socket below <c>~/.ssh</c>. That path may be too long, and the agent opens each
    /// directory from <c>/</c> on, which scripts cannot do (mkdir_path in OpenSSH's misc.c).
    /// </summary>
    private static string Agent(AttemptPaths paths) =>
        $"""
            set -- -a "$(mktemp -u {ShellWord.Of(Path.Join(paths.Temp, "agent.XXXXXX"))})" "$@"
            """;

    private const string AddKeys = $"""
        if [ $# = 0 ]; then
            for key in {Keys}; do
                [ ! -e "$ssh/$key" ] || set -- "$@" "$ssh/$key"
            done
        fi
        """;

    /// <summary>The file in which ssh-keygen finds (-F) or removes (-R) hosts, unless one is given.</summary>
    private const string KnownHosts = """
        hosts= file=
        for argument in "$@"; do
            case $argument in
            -f*) file=given ;;
            -F* | -R*) hosts=asked ;;
            esac
        done
        [ -z "$hosts" ] || [ -n "$file" ] || set -- -f "$ssh/known_hosts" "$@"
        """;

    /// <summary>A sed command that inserts a path.</summary>
    private static string Replace(string pattern, string before, string path, string after)
    {
        foreach (var special in (string[])[@"\", "&", "#"])
            path = path.Replace(special, @"\" + special, StringComparison.Ordinal);
        return $"s#{pattern}#{before}{path}{after}#g";
    }
}
