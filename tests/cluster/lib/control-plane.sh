# Sourced: etcd and the API server, and for a whole node the controller manager and the scheduler.

# Where the API listens. A full cluster's ports lie in its own network namespace. Without one, a free port on the loopback address is
# looked for, so that several API servers can run beside each other (each has three ports: its own and etcd's two).
choose_api_address() {
    if [ "$mode" = full ]; then
        api_ip=$node_ip api_port=16443 etcd_port=12379
        return
    fi
    api_ip=127.0.0.1
    for ((api_port = 26443; api_port < 26543; api_port += 10)); do
        etcd_port=$((api_port + 1))
        is_free "$api_port" && is_free "$etcd_port" && is_free $((etcd_port + 1)) && return
    done
    die "no free port from 26443 on"
}

is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# program NAME: from envtest's directory if there is one (and it has it), else from the cache, else the machine's own.
program() {
    local directory
    for directory in "$([ "$mode" = full ] || echo "${KUBEBUILDER_ASSETS:-}")" "$(entry kubernetes)/bin" "$(entry kubernetes-api)/bin"; do
        [ -z "$directory" ] || [ ! -x "$directory/$1" ] || { echo "$directory/$1"; return; }
    done
    command -v "$1"
}

# start_daemon NAME PROGRAM...: where this mode's processes belong.
start_daemon() { if [ "$mode" = full ]; then start_in_node "$@"; else start "$@"; fi; }

start_etcd() {
    local client=http://127.0.0.1:$etcd_port peer=http://127.0.0.1:$((etcd_port + 1))
    # Without fsync: the data lives as long as the cluster.
    start_daemon etcd "$(program etcd)" --data-dir "$state/etcd" --unsafe-no-fsync --logger zap --log-level warn \
        --listen-client-urls "$client" --advertise-client-urls "$client" \
        --listen-peer-urls "$peer" --initial-advertise-peer-urls "$peer" --initial-cluster "default=$peer"
}

# CUSTOM_EXECUTOR_APISERVER_FLAGS: more flags, for tests that need an admission plugin or a feature gate.
start_api_server() {
    local extra=()
    read -ra extra <<<"${CUSTOM_EXECUTOR_APISERVER_FLAGS:-}"
    # In API mode nothing answers behind the service address: no endpoint is published for it.
    start_daemon kube-apiserver "$(program kube-apiserver)" --etcd-servers="http://127.0.0.1:$etcd_port" \
        --bind-address="$api_ip" --advertise-address="$api_ip" --secure-port="$api_port" \
        --tls-cert-file="$pki/apiserver.crt" --tls-private-key-file="$pki/apiserver.key" --client-ca-file="$pki/ca.crt" \
        --service-account-issuer=https://kubernetes.default.svc --service-account-signing-key-file="$pki/service-account.key" \
        --service-account-key-file="$pki/service-account.pub" \
        --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction \
        --kubelet-client-certificate="$pki/kubelet-client.crt" --kubelet-client-key="$pki/kubelet-client.key" \
        --kubelet-certificate-authority="$pki/ca.crt" --kubelet-preferred-address-types=InternalIP \
        --service-cluster-ip-range=$service_range --allow-privileged=true \
        --endpoint-reconciler-type="$([ "$mode" = full ] && echo lease || echo none)" "${extra[@]}"
    await 90 kube-apiserver api_is_ready
}

# api GET-PATH, as the administrator.
api() { curl -sf --max-time 5 --cacert "$pki/ca.crt" --cert "$pki/admin.crt" --key "$pki/admin.key" "$(api_server)$1"; }
api_server() { sed -n 's/.*server: "\([^"]*\)".*/\1/p' "$pki/admin.kubeconfig"; }
api_is_ready() { [ "$(api /readyz)" = ok ]; }

start_controllers() {
    local config=$pki/controller-manager.kubeconfig
    start_daemon kube-controller-manager "$(program kube-controller-manager)" \
        --kubeconfig="$config" --authentication-kubeconfig="$config" --authorization-kubeconfig="$config" \
        --bind-address=127.0.0.1 --secure-port=10257 --port=0 --leader-elect=false --use-service-account-credentials \
        --service-account-private-key-file="$pki/service-account.key" --root-ca-file="$pki/ca.crt" \
        --cluster-signing-cert-file="$pki/ca.crt" --cluster-signing-key-file="$pki/ca.key"
    config=$pki/scheduler.kubeconfig
    start_daemon kube-scheduler "$(program kube-scheduler)" \
        --kubeconfig="$config" --authentication-kubeconfig="$config" --authorization-kubeconfig="$config" \
        --bind-address=127.0.0.1 --secure-port=10259 --port=0 --leader-elect=false
}
