# Sourced: the cache's entries. An entry NAME is what recipes/NAME.sh makes, in a directory named by a hash of all that decides its content.
#
# The hash is over text alone (the recipe and the helpers in its "# uses:" line, both without comments, the entries in its "# needs:" line,
# Debian's release, the architecture): it is known at once and offline. A newer package in Debian therefore does not rebuild anything; which
# versions went into an entry is noted in its file built-from.

debian_release() { (. /etc/os-release && echo "${VERSION_CODENAME:-unknown}"); }

words_of() { sed -n "s/^# $1: //p" "$here/recipes/$2.sh"; }

key_of() {
    local name=$1 other
    {
        debian_release
        uname -m
        for other in "$name.sh" $(words_of uses "$name"); do grep -vE '^ *(#|$)' "$here/recipes/$other"; done
        for other in $(words_of needs "$name"); do key_of "$other"; done
    } | sha256sum | cut -c1-12
}

# entry NAME: its directory, whether it is there yet or not.
entry() { echo "$cache/$1-$(key_of "$1")"; }

# has NAME: an entry appears by one rename, so a directory that is there is whole.
has() { [ -d "$(entry "$1")" ]; }

# The entry the API server comes from: the whole node's has it too, and is taken where it is there.
api_entry() { if has kubernetes; then echo kubernetes; else echo kubernetes-api; fi; }

# entries_for MODE: what that mode needs, each with what it needs before it.
entries_for() {
    case $1 in
        api) [ -n "${KUBEBUILDER_ASSETS:-}" ] || api_entry ;;
        full) echo kubernetes ;;
        benchmarks) echo benchmark-peer; return ;;
    esac
    echo client
    echo buildkit
    [ "$1" = api ] || printf 'images\njob-images\n'
}
