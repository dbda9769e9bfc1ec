namespace CustomExecutor.Core.Docker;

/// <summary>How the <c>docker</c> in front of a script's <c>PATH</c> starts the job's Engine API.</summary>
internal static class EngineStart
{
    /// <summary>For a loaded host; 20 seconds and more.</summary>
    private const string MostTries = "1000";

    /// <summary>
    /// Shell commands that start it unless it runs, and wait until it takes connections. Of two at a time, one serves
    /// and the other ends (it locks its store). Its pid file is not believed before the process is looked at: after a
    /// SIGKILL the file stays, and ids are used again.
    /// </summary>
    /// <remarks>
    /// Bash closes what the program would inherit: a pipe's reader waits until nobody has its other end open. The
    /// program is not a child of docker, because the shell that started it has ended by then. It stays in the script's
    /// process group, which the guard of a killed driver ends.
    /// </remarks>
    /// <param name="pidFile">The program's pid file: its id and its start.</param>
    /// <param name="log">The file for its log.</param>
    /// <param name="command">The program and its arguments.</param>
    public static string Commands(string pidFile, string log, IEnumerable<string> command) =>
        $$"""
            _lives() {
                { read -r _stat <"/proc/$1/stat"; } 2>/dev/null || return 1
                set -- "$2" ${_stat##*) }
                [ "$2" != Z ] && [ "$2" != X ] && { [ -z "$1" ] || [ "$1" = "${21}" ]; }
            }
            _serves() {
                { read -r _id _start <{{ShellWord.Of(pidFile)}}; } 2>/dev/null && _lives "$_id" "$_start"
            }
            if ! _serves; then
                _started=$(bash -c 'cd /
                    for file in /proc/self/fd/*; do
                        [ "${file##*/}" -le 2 ] || eval "exec ${file##*/}>&-"
                    done
                    exec "$@"' bash {{string.Join(
                ' ',
                command.Select(ShellWord.Of)
            )}} </dev/null >>{{ShellWord.Of(log)}} 2>&1 & echo $!)
                _tries=0
                until _serves; do
                    _lives "$_started" '' && [ $_tries -lt {{MostTries}} ] || break
                    _tries=$((_tries + 1))
                    sleep 0.02
                done
                _serves || {
                    printf '%s\n' "The job's Docker Engine API has not started: $(tail -n 1 {{ShellWord.Of(log)}})"
                } >&2
            fi
            """;
}
