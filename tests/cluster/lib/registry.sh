# Sourced: Debian's docker-registry at the machine's end of the link, which the machine, the node and its pods reach. It speaks plain http.

start_registry() {
    mkdir -p "$state/registry"
    cat >"$state/registry.yml" <<END
version: 0.1
log: {level: warn}
storage: {filesystem: {rootdirectory: $state/registry}, delete: {enabled: true}}
http: {addr: "$registry", secret: local}
END
    start_in_cgroup registry env OTEL_TRACES_EXPORTER=none docker-registry serve "$state/registry.yml"
    await 10 registry curl -sf "http://$registry/v2/"
}

# What the tests' Dockerfiles build on. containerd has the images and can push them itself.
fill_registry() {
    local image
    for image in "$busybox_image" "$runner_image"; do
        containers images push --plain-http "$registry/${image#localhost/}" "$image" >>"$state/logs/images.log" 2>&1
    done
}
