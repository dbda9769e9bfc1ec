# Sourced: containerd in the node's namespaces, with the images in it.

configure_containerd() {
    mkdir -p "$state/containerd/registries/$registry" "$state/cni"
    cat >"$state/containerd/config.toml" <<END
version = 2
root = "$state/containerd/root"
state = "/run/containerd"
disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.internal.v1.opt", "io.containerd.internal.v1.tracing"]
[grpc]
  address = "$containerd_socket"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "$pause_image"
  disable_apparmor = true
  # Without CAP_SYS_RESOURCE a lower oom_score_adj is refused, and runc dies with "can't get final child's PID from pipe: EOF".
  restrict_oom_score_adj = true
  stream_server_address = "127.0.0.1"
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = "$state/containerd/registries"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$state/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
END
    # The registry speaks plain http.
    printf 'server = "http://%s"\n[host."http://%s"]\n  capabilities = ["pull", "resolve"]\n' $registry $registry \
        >"$state/containerd/registries/$registry/hosts.toml"
    cat >"$state/cni/10-pods.conflist" <<END
{"cniVersion": "0.4.0", "name": "pods", "plugins": [
  {"type": "bridge", "bridge": "cni0", "isGateway": true, "hairpinMode": true, "ipMasq": false,
   "ipam": {"type": "host-local", "dataDir": "$state/cni/addresses", "ranges": [[{"subnet": "$pod_range"}]],
            "routes": [{"dst": "0.0.0.0/0"}]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
END
}

start_containerd() {
    configure_containerd
    start_in_node containerd containerd --config "$state/containerd/config.toml"
    await 30 containerd containers version
}

# containers ...: containerd's own client.
containers() { in_node ctr --address $containerd_socket --namespace k8s.io "$@"; }

import_images() {
    local archive
    for archive in "$(entry images)"/*.tar "$(entry job-images)"/*.tar; do containers images import "$archive" >>"$state/logs/images.log" 2>&1; done
}
