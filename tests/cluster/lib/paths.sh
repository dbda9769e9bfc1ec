# Sourced by every script here: where things lie, and small words all of them use.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# What is built once and kept. Outside the work tree, so that a fresh clone starts warm.
cache=${XDG_CACHE_HOME:-$HOME/.cache}/custom-executor/cluster

# state_of MODE: the directory of one running cluster: its certificates, data, logs and pids. `down` removes it.
state_of() { echo "${CUSTOM_EXECUTOR_CLUSTER:-$cache/run/$1}"; }

die() { echo "$(basename "$0"): $*" >&2; exit 1; }

mode_is_known() { case $1 in api | full) ;; *) die "unknown mode '$1': api or full" ;; esac; }

# Seconds since the script (or, in a recipe, the build) began, so that a person sees which step takes the time.
STARTED=${STARTED:-$(date +%s%N)}
step() { printf '%7.1fs  %s\n' "$((($(date +%s%N) - STARTED) / 1000000))e-3" "$*" >&"${STEPS_TO:-1}"; }

# show_log FILE: what a failure leaves to read.
show_log() { echo "--- the last lines of $1" >&2; tail -n 20 "$1" >&2; }
