# Sourced: kubelet in the node's namespaces.

start_kubelet() {
    # A name server that refuses at once: look-ups in pods fail without delay. With an empty file pods would get the machine's own.
    echo "nameserver 127.0.0.1" >"$state/resolv.conf"
    cat >"$state/kubelet.yaml" <<END
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $node_ip
healthzBindAddress: 127.0.0.1
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $pki/ca.crt}}
authorization: {mode: Webhook}
tlsCertFile: $pki/kubelet-server.crt
tlsPrivateKeyFile: $pki/kubelet-server.key
cgroupDriver: cgroupfs
cgroupRoot: /$cgroup
cgroupsPerQOS: true
enforceNodeAllocatable: []
oomScoreAdj: 0                      # lowering it needs CAP_SYS_RESOURCE
maxOpenFiles: 20000                 # so does raising the limit of open files
failSwapOn: false
makeIPTablesUtilChains: false
resolvConf: $state/resolv.conf
staticPodPath: ""
imageGCHighThresholdPercent: 100    # the images are in no registry to be pulled from again
evictionHard: {memory.available: 100Mi, nodefs.available: 1%, imagefs.available: 1%}
syncFrequency: 10s
nodeStatusUpdateFrequency: 1s
END
    # The variable keeps it from asking a cloud's metadata address for credentials of image registries.
    start_in_node kubelet env AWS_EC2_METADATA_DISABLED=true "$(program kubelet)" --config="$state/kubelet.yaml" \
        --kubeconfig="$pki/kubelet.kubeconfig" --cert-dir="$pki" --hostname-override=$node --node-ip=$node_ip \
        --container-runtime=remote --container-runtime-endpoint="unix://$containerd_socket"
}

node_is_ready() {
    api "/api/v1/nodes/$node" | jq -e '.status.conditions[] | select(.type == "Ready" and .status == "True")' >/dev/null
}
