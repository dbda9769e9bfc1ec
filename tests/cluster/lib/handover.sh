# Sourced: what `up` leaves for the tests: a file `env` to be sourced, and for a full cluster a settings file for the driver.

variable() { printf "export %s='%s'\n" "$1" "$2"; }

write_handover() {
    local kubectl
    # A link, so that a directory in front of PATH brings this program and nothing else. docker is no link: a job's script reaches what lies
    # in the directories of PATH, not what links there lead to.
    mkdir -p "$state/bin"
    kubectl=$(program kubectl)
    ln -sf "$kubectl" "$state/bin/kubectl"
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
            variable CUSTOM_EXECUTOR_TEST_JOB_IMAGE $job_image
            variable CUSTOM_EXECUTOR_TEST_HELPER_IMAGE $helper_image
            variable CUSTOM_EXECUTOR_TEST_TOOLS_IMAGE $tools_image
            variable CUSTOM_EXECUTOR_SETTINGS "$state/settings.json"
        fi
        printf 'export PATH="%s:%s:$PATH"\n' "$(entry client)/bin" "$state/bin"
    } >"$state/env.new"
    mv "$state/env.new" "$state/env" # its presence says: up
}

write_settings() {
    # The registry speaks plain http, which builders have to be told. The file stands in for the driver's own whole.
    printf '[registry."%s"]\n  http = true\n  insecure = true\n[worker.oci]\n  gc = true\n' $registry >"$state/buildkitd.toml"
    mkdir -p "$state/workspaces"
    # Small requests: with the defaults two jobs fill a node of two CPUs, also with pods that are ending, and others wait for them.
    jq -n --arg kubeconfig "$pki/admin.kubeconfig" --arg namespace $builders_namespace --arg image $builder_image \
        --arg toml "$state/buildkitd.toml" --arg workspaces "$state/workspaces" --arg plugins "$(entry client)/cli-plugins" \
        --arg job $job_image --arg helper $helper_image --arg tools $tools_image '{
          kubernetes: {$kubeconfig, $namespace},
          builder: {
            $image, imagePullPolicy: "IfNotPresent", buildkitdConfig: $toml,
            resources: {requests: {cpu: "100m", memory: "128Mi"}, limits: {cpu: "2", memory: "2Gi"}}
          },
          job: {image: $job, pullPolicies: ["IfNotPresent"], resources: {requests: {cpu: "100m", memory: "128Mi"}}},
          services: {resources: {requests: {cpu: "50m", memory: "64Mi"}}},
          helper: {image: $helper, resources: {requests: {cpu: "50m", memory: "64Mi"}}},
          tools: {image: $tools},
          workspace: {root: $workspaces},
          docker: {cliPluginsExtraDirs: [$plugins]}
        }' >"$state/settings.json"
}
