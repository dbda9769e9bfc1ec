# Sourced: what `up` leaves for the tests: a file `env` to be sourced, and for a full cluster a settings file for the driver.

variable() { printf "export %s='%s'\n" "$1" "$2"; }

write_handover() {
    local kubectl
    # Links, so that one directory in front of PATH brings these programs and nothing else.
    mkdir -p "$state/bin"
    kubectl=$(program kubectl)
    ln -sf "$kubectl" "$state/bin/kubectl"
    ln -sf "$(entry client)/bin/docker" "$state/bin/docker"
    [ "$mode" = api ] || write_settings
    {
        variable KUBECONFIG "$pki/admin.kubeconfig"
        variable CUSTOM_EXECUTOR_TEST_KUBE_VERSION "$(api /version | jq -r .gitVersion)"
        variable CUSTOM_EXECUTOR_TEST_BUILDKITD "$(entry buildkit)/bin/buildkitd"
        variable CUSTOM_EXECUTOR_TEST_DOCKER_PLUGINS "$(entry client)/cli-plugins"
        if [ "$mode" = full ]; then
            variable CUSTOM_EXECUTOR_TEST_REGISTRY $registry
            variable CUSTOM_EXECUTOR_TEST_BASE_IMAGE $registry/busybox:1
            variable CUSTOM_EXECUTOR_TEST_IMAGE $builder_image
            variable CUSTOM_EXECUTOR_SETTINGS "$state/settings.json"
        fi
        variable CUSTOM_EXECUTOR_TEST_BIN "$state/bin"
        printf 'export PATH="%s:$PATH"\n' "$state/bin"
    } >"$state/env.new"
    mv "$state/env.new" "$state/env" # its presence says: up
}

write_settings() {
    # The registry speaks plain http, which builders have to be told. The file stands in for the driver's own whole.
    printf '[registry."%s"]\n  http = true\n  insecure = true\n[worker.oci]\n  gc = true\n' $registry >"$state/buildkitd.toml"
    mkdir -p "$state/workspaces"
    jq -n --arg kubeconfig "$pki/admin.kubeconfig" --arg namespace $builders_namespace --arg image $builder_image \
        --arg toml "$state/buildkitd.toml" --arg workspaces "$state/workspaces" --arg plugins "$(entry client)/cli-plugins" '{
          kubernetes: {$kubeconfig, $namespace},
          builder: {
            $image, imagePullPolicy: "IfNotPresent", buildkitdConfig: $toml,
            resources: {requests: {cpu: "100m", memory: "128Mi"}, limits: {cpu: "2", memory: "2Gi"}}
          },
          workspace: {root: $workspaces},
          docker: {cliPluginsExtraDirs: [$plugins]}
        }' >"$state/settings.json"
}
