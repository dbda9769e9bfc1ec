namespace CustomExecutor.Core.Scripts.Pod;

/// <summary>
/// The shell text that runs, follows and ends a script in a container. It is POSIX, for bash, dash and busybox, and
/// constant but for the variables before it: <c>id</c>, <c>length</c>, <c>from</c>, <c>grace</c>, <c>mark</c>,
/// <c>environment</c>.
/// </summary>
internal static class PodShellText
{
    /// <summary>
    /// What each verb begins with. A process is known by its id and its start time (field 22 of /proc/PID/stat): ids
    /// come again. A redirection that fails would end dash where a special builtin has it, hence the braces.
    /// </summary>
    public const string Common = """
        d=/run/scripts/$id o=/run/output/$id whole=
        umask 077
        say() { printf '%s\n' "$*" >&2 || exit 1; }
        problem() { say "problem $*"; exit 0; }
        need() { for t do command -v "$t" >/dev/null 2>&1 || problem "missing $t"; done; }
        pause() {
          if [ "$whole" ]; then sleep 1; else sleep "$1" 2>/dev/null || { whole=1; sleep 1; }; fi
        }
        lives() {
          { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
          set -- "$1" "$2" ${stat##*) }
          [ "$3" != Z ] && [ "${22}" = "$2" ]
        }
        alive() { { read -r a b <"$d/$1"; } 2>/dev/null && lives "$a" "$b"; }
        over() { [ -s "$d/exit" ] && read -r code <"$d/exit"; }
        note='note() {
          read -r stat </proc/self/stat
          set -- "$1" "${stat%% *}" ${stat##*) }
          printf "%s %s\n" "$2" "${22}" >"$1"
        }'
        eval "$note"

        """;

    /// <summary>
    /// Starts the script unless it has been started: who makes the directory <c>claim</c> starts it, so there is one.
    /// The script's output goes through a pipe to a process that appends it to a file: were it the file itself, the
    /// first <c>echo x >/dev/stderr</c> would truncate it. Behind the output comes the mark with the exit code: a
    /// background process may hold the pipe, so its end tells nothing.
    /// </summary>
    /// <remarks>
    /// POSIX shells start a process behind <c>&amp;</c> with SIGINT ignored, for good. So the supervisor is a part of a
    /// pipeline whose other part kills the shell that waits for both, once the supervisor has said that it is there: so
    /// the follower need not look for it again and again. It ignores signals, as <c>kill -1</c> of a script reaches it
    /// too; the script has them as usual.
    /// </remarks>
    public const string Run = """
        launch=$note'
        note "$1/pid"
        . "$1/environment"
        exec "$3" "$2"'
        supervise=$note'
        d=$1 o=$2 script=$3 shell=$4 launch=$5
        trap "" HUP INT QUIT TERM USR1 USR2 PIPE
        read -r mark <"$d/mark"
        group=$(command -v setsid)
        run() (
          trap - HUP INT QUIT TERM USR1 USR2 PIPE
          exec $group "$shell" -c "$launch" launch "$d" "$script" "$shell"
        )
        note "$d/collector"
        {
          note "$d/supervisor"
          echo >&3
          exec 3>&-
          if [ "$group" ]; then run </dev/null 2>&1
          else
            set -m
            run </dev/null 2>&1 &
            set +m
            wait $!
          fi
          code=$?
          rm -f "$script" "$d/environment"
          printf "\036%s:%d\n" "$mark" "$code"
          printf "%d\n" "$code" >"$d/exit"
        } | cat >>"$o" 3>&-'
        start() {
          shell=sh
          command -v bash >/dev/null 2>&1 && shell=bash
          printf '%s\n' "$shell" >"$d/shell"
          printf '%s\n' "$mark" >"$d/mark"
          printf '%s\n' "$environment" >"$d/environment"
          away='exec "$@" 3>&1 </dev/null >/dev/null 2>&1 | { read -r started; kill -s KILL $$; }'
          { $(command -v setsid) sh -c "$away" sh "$shell" -c "$supervise" supervise "$d" "$o" "$d/script.$$" "$shell" \
            "$launch"; } >/dev/null 2>&1
        }
        need head wc mkdir cat tail sleep rm
        mkdir -p "$d" 2>/dev/null || problem scripts "$(id -u 2>/dev/null)"
        { mkdir -p /run/output && ( : >>"$o" ); } 2>/dev/null || problem output "$(id -u 2>/dev/null)"
        { head -c "$length" >"$d/script.$$"; } 2>/dev/null || problem full
        [ "$(wc -c <"$d/script.$$")" -eq "$length" ] || { rm -f "$d/script.$$"; problem torn; }
        if mkdir "$d/claim" 2>/dev/null; then start; else rm -f "$d/script.$$"; fi

        """;

    /// <summary>
    /// Writes the output from byte <c>from</c> on (the first is 1) to stdout and what happens to stderr. The file's
    /// descriptor is shared with each <c>cat</c>, which goes on where the last one stopped. A follower before this one
    /// whose connection is dead is ended.
    /// </summary>
    public const string Follow = """
        need cat tail sleep wc
        i=0
        until [ -s "$d/supervisor" ] || over; do
          i=$((i + 1))
          [ -d "$d/claim" ] && [ $i -lt 200 ] || { say lost; exit 0; }
          pause .05
        done
        { read -r shell <"$d/shell"; } 2>/dev/null
        if alive follower; then
          old=$a children=
          for s in /proc/[0-9]*/stat; do
            { read -r stat <"$s"; } 2>/dev/null || continue
            set -- "${stat%% *}" ${stat##*) }
            [ "$3" != "$old" ] || children="$children $1"
          done
          kill -s KILL "$old" $children 2>/dev/null
        fi
        note "$d/follower"
        ( : <"$o" ) 2>/dev/null || { say lost; exit 0; }
        exec 3<"$o"
        say "following $shell"
        [ "$from" = 1 ] || tail -c "+$from" <&3 || exit 1
        i=0 t=.005
        until over; do
          cat <&3 || exit 1
          alive supervisor || over || { cat <&3; say lost; exit 0; }
          pause $t
          i=$((i + 1))
          case $i in 8) t=.01 ;; 16) t=.02 ;; 24) t=.05 ;; 32) t=.1 ;; esac
          [ $((i % 50)) -ne 0 ] || say .
        done
        say "exit $code"
        i=0
        while alive collector && [ $i -lt 100 ]; do
          cat <&3 || exit 1
          i=$((i + 1))
          if [ $i -lt 4 ]; then pause .005; else pause .02; fi
        done
        cat <&3
        size=$(wc -c <"$o" 2>/dev/null) && say "end $((size))" || say lost

        """;

    /// <summary>
    /// Ends the script: SIGTERM to its process group, SIGKILL after <c>grace</c> tenths of a second, also to what left
    /// the group but still has the script's mark in its environment. It needs no connection once it has begun.
    /// </summary>
    public const string End = """
        need mkdir cat sleep
        mkdir -p "$d" 2>/dev/null || problem scripts "$(id -u 2>/dev/null)"
        if mkdir "$d/claim" 2>/dev/null; then say unstarted; exit 0; fi
        say ending
        trap '' HUP PIPE
        i=0
        until [ -s "$d/pid" ] || over; do
          i=$((i + 1))
          [ $i -lt 100 ] || { say lost; exit 0; }
          pause .05
        done
        script=
        { read -r script b <"$d/pid"; } 2>/dev/null
        tagged() {
          for s in /proc/[0-9]*; do
            case $({ cat "$s/environ"; } 2>/dev/null) in
              *CUSTOM_EXECUTOR_SCRIPT=$id*) kill -s "$1" "${s#/proc/}" && found=1 ;;
            esac
          done 2>/dev/null
        }
        signal() {
          leader=
          { read -r stat <"/proc/$script/stat"; } 2>/dev/null && {
            set -- "$1" x ${stat##*) }
            leader=$5
          }
          if [ "$leader" = "$script" ]; then kill -s "$1" -- "-$script"; else tagged "$1"; fi 2>/dev/null
        }
        wait_exit() {
          i=0
          until over; do
            [ $i -lt "$1" ] || return 1
            pause .1
            if [ "$whole" ]; then i=$((i + 10)); else i=$((i + 1)); fi
          done
        }
        if ! over; then
          signal TERM
          wait_exit "$grace" || signal KILL
        fi
        i=0 found=1
        while [ "$found" ] && [ $i -lt 20 ]; do
          found=
          tagged KILL
          i=$((i + 1))
        done
        if wait_exit 50; then say ended; else say stuck; fi

        """;
}
