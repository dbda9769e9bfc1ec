# Sourced: the node's cgroup, on machines with cgroup v1 (a tree for each controller) and v2 (one tree for all). kubelet 1.20 and runc work
# with both. The layout: $cgroup/node for the node's own processes, $cgroup/kubepods made by kubelet.

is_unified() { [ "$(stat -fc %T /sys/fs/cgroup)" = cgroup2fs ]; }

# The roots of all trees. Under v1 some names are links to a shared tree, and "unified" is a v2 tree without controllers.
cgroup_trees() {
    local tree
    if is_unified; then
        echo /sys/fs/cgroup
        return
    fi
    for tree in /sys/fs/cgroup/*; do
        [ -L "$tree" ] || [ ! -e "$tree/cgroup.procs" ] || [ "$(stat -fc %T "$tree")" = cgroup2fs ] || echo "$tree"
    done
}

# Under v1 one tree is enough to find processes again; pids counts them anyway.
processes_cgroup() { if is_unified; then echo "/sys/fs/cgroup/$cgroup/node"; else echo "/sys/fs/cgroup/pids/$cgroup/node"; fi; }

make_cgroups() {
    local tree file controller
    for tree in $(cgroup_trees); do mkdir -p "$tree/$cgroup"; done
    if is_unified; then
        # A controller works in a cgroup only if all its parents hand it down. kubelet insists on each of these that the machine has.
        for controller in cpuset cpu io memory hugetlb pids; do
            grep -qw $controller /sys/fs/cgroup/cgroup.controllers || continue
            for tree in /sys/fs/cgroup "/sys/fs/cgroup/$cgroup"; do echo "+$controller" >"$tree/cgroup.subtree_control"; done
        done
    elif [ -d /sys/fs/cgroup/cpuset ]; then
        # A new cpuset is empty, and nothing can run in it.
        for file in cpuset.cpus cpuset.mems; do cat "/sys/fs/cgroup/cpuset/$file" >"/sys/fs/cgroup/cpuset/$cgroup/$file"; done
    fi
    mkdir -p "$(processes_cgroup)"
}

cgroup_processes() {
    local tree
    for tree in $(cgroup_trees); do
        [ ! -d "$tree/$cgroup" ] || find "$tree/$cgroup" -name cgroup.procs -exec cat {} + 2>/dev/null
    done | sort -un
}

# remove_cgroups: ends what still runs in them (containers, their shims, a kubelet whose pid was lost), then takes them away.
remove_cgroups() {
    local i tree left
    for ((i = 0; i < 100; i++)); do
        left=$(cgroup_processes)
        [ -n "$left" ] || break
        # shellcheck disable=SC2086 # a list of pids
        kill -KILL $left 2>/dev/null || true
        sleep 0.1
    done
    # A cgroup stays busy for a moment after its last process.
    for ((i = 0; i < 30; i++)); do
        left=
        for tree in $(cgroup_trees) /sys/fs/cgroup/unified; do
            [ ! -d "$tree/$cgroup" ] || find "$tree/$cgroup" -depth -type d -exec rmdir {} \; 2>/dev/null || true
            [ ! -d "$tree/$cgroup" ] || left=$tree/$cgroup
        done
        [ -n "$left" ] || return 0
        sleep 0.1
    done
    echo "cgroup $left could not be removed" >&2
    return 1
}
