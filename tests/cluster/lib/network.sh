# Sourced: the node's namespaces and the link to them. Pods, bridge and iptables rules exist inside only, and vanish with the last process
# there.

# Fixed paths of kubelet, containerd and CNI, which wipe what they do not know in them: the node gets its own, mounted over the machine's.
node_directories="/var/log/pods /var/log/containers /var/lib/kubelet /var/lib/cni"

make_namespaces() {
    local directory pid
    for directory in $node_directories; do
        mkdir -p "$state/node$directory"
        # A mount needs a directory to lie on; those made here are noted, for `down` to remove.
        [ -d "$directory" ] || { echo "$directory" >>$claim/directories; mkdir -p "$directory"; }
    done
    # shellcheck disable=SC2016,SC2086 # the inner shell's variables; a list of directories
    start_in_cgroup namespaces unshare --net --mount sh -e -c '
        state=$0
        for directory; do mount --bind "$state/node$directory" "$directory"; done
        mount -t tmpfs -o mode=755 tmpfs /run
        exec sleep infinity' "$state" $node_directories
    pid=$(pid_of namespaces)
    await 10 namespaces grep -qx sleep "/proc/$pid/comm"
}

make_network() {
    local chain pid
    pid=$(pid_of namespaces)
    ip link add $link type veth peer name eth0 netns "$pid"
    ip addr add $machine_ip/30 dev $link
    ip link set $link up
    in_node ip link set lo up
    in_node ip addr add $node_ip/30 dev eth0
    in_node ip link set eth0 up
    ip route add $pod_range via $node_ip
    # No default route in there: no pod reaches the world, and kubelet's question to a cloud's metadata address fails at once (not after
    # 6 s).
    # Pods reach the API server by its service address; there is no kube-proxy.
    for chain in PREROUTING OUTPUT; do
        in_node iptables -w -t nat -A $chain -d $service_ip/32 -p tcp --dport 443 -j DNAT --to-destination "$node_ip:$api_port"
    done
}

# The route goes with the link.
remove_network() { ! ip link show $link >/dev/null 2>&1 || ip link del $link; }

remove_directories() {
    local directory
    [ -f $claim/directories ] || return 0
    while read -r directory; do rmdir "$directory" 2>/dev/null || true; done <$claim/directories
}
