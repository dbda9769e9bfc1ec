# Sourced: the cluster's authority, its certificates (ECDSA P-256) and kubeconfigs.

# certificate NAME SUBJECT USAGE [ALTERNATIVE NAMES]; without a USAGE: the authority itself.
certificate() {
    local name=$1 subject=$2 usage=${3:-} names=${4:-} extensions signer=()
    if [ -n "$usage" ]; then
        signer=(-CA ca.crt -CAkey ca.key)
        extensions=$(printf 'basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage=%s\n' "$usage")
        [ -z "$names" ] || extensions+=$'\n'subjectAltName=$names
    else
        extensions=$'basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign,cRLSign'
    fi
    printf '[req]\ndistinguished_name=none\nx509_extensions=extensions\n[none]\n[extensions]\n%s\n' "$extensions" >"$name.conf"
    openssl req -x509 -config "$name.conf" -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 "${signer[@]}" \
        -subj "$subject" -keyout "$name.key" -out "$name.crt" 2>>openssl.log
}

# kubeconfig NAME: with the certificate inside, so that the file can be used from anywhere.
kubeconfig() {
    cat >"$1.kubeconfig" <<END
apiVersion: v1
kind: Config
clusters: [{name: test, cluster: {server: "https://$api_ip:$api_port", certificate-authority-data: $(base64 -w 0 ca.crt)}}]
users: [{name: $1, user: {client-certificate-data: $(base64 -w 0 "$1.crt"), client-key-data: $(base64 -w 0 "$1.key")}}]
contexts: [{name: test, context: {cluster: test, user: $1}}]
current-context: test
END
}

make_certificates() (
    umask 077
    mkdir -p "$pki"
    cd "$pki"
    certificate ca /CN=test-cluster
    certificate apiserver /CN=kube-apiserver serverAuth \
        "DNS:localhost,DNS:kubernetes,DNS:kubernetes.default.svc,IP:127.0.0.1,IP:$api_ip,IP:$service_ip"
    certificate kubelet-server /CN=kubelet serverAuth "DNS:$node,IP:$node_ip"
    certificate kubelet-client /O=system:masters/CN=kube-apiserver-kubelet-client clientAuth
    certificate admin /O=system:masters/CN=admin clientAuth
    certificate controller-manager /CN=system:kube-controller-manager clientAuth
    certificate scheduler /CN=system:kube-scheduler clientAuth
    certificate kubelet "/O=system:nodes/CN=system:node:$node" clientAuth
    for name in admin controller-manager scheduler kubelet; do kubeconfig $name; done
    # The key pair of service-account tokens.
    openssl ecparam -name prime256v1 -genkey -noout -out service-account.key
    openssl ec -in service-account.key -pubout -out service-account.pub 2>>openssl.log
)
