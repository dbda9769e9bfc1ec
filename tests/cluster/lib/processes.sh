# Sourced: starting processes so that `down` stops these and no others. A pid may be used again by a stranger once its process is gone, so
# the start time is kept with it.

started_at() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20; }

# start NAME COMMAND...: in a session of its own, so that it outlives the caller's terminal; 8 and 9 are the callers' locks.
start() {
    local name=$1
    shift
    setsid "$@" >"$state/logs/$name.log" 2>&1 </dev/null 8>&- 9>&- &
    echo "$! $(started_at $!)" >"$state/pids/$name"
}

# start_in_cgroup NAME COMMAND...: what belongs to the full cluster.
start_in_cgroup() {
    local name=$1
    shift
    start "$name" sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$(processes_cgroup)" "$@"
}

# start_in_node NAME COMMAND...: in the node's namespaces. Not `ip netns exec`: that mounts /sys anew and hides the cgroups.
start_in_node() {
    local name=$1
    shift
    start_in_cgroup "$name" nsenter --target "$(pid_of namespaces)" --net --mount -- "$@"
}

in_node() { nsenter --target "$(pid_of namespaces)" --net --mount -- "$@"; }

# pid_of NAME: nothing, and false, if that very process is no more.
pid_of() {
    local pid time
    [ -f "$state/pids/$1" ] && read -r pid time <"$state/pids/$1" && [ -n "$time" ] && [ "$(started_at "$pid")" = "$time" ] || return 1
    ! grep -q '^State:.Z' "/proc/$pid/status" 2>/dev/null || return 1
    echo "$pid"
}

# await SECONDS NAME COMMAND...: until the command succeeds; gives up at once where process NAME has ended.
await() {
    local deadline=$((SECONDS + $1)) name=$2
    shift 2
    until "$@" >/dev/null 2>&1; do
        pid_of "$name" >/dev/null || { show_log "$state/logs/$name.log"; die "$name has ended"; }
        [ $SECONDS -lt $deadline ] || { show_log "$state/logs/$name.log"; die "$name: not ready in time"; }
        sleep 0.1
    done
}

# stop NAME...: TERM to all of them, and KILL to those that have not heeded it in 5 s (an API server without its etcd takes a minute).
stop() {
    local name pid deadline=$((SECONDS + 5))
    for name; do ! pid=$(pid_of "$name") || kill -TERM "$pid" 2>/dev/null || true; done
    for name; do
        while pid=$(pid_of "$name"); do
            [ $SECONDS -lt $deadline ] || kill -KILL "$pid" 2>/dev/null || true
            sleep 0.05
        done
        rm -f "$state/pids/$name"
    done
}
