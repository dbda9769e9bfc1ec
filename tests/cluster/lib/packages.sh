# Sourced by build: what the machine itself has to have. Each line is a program (or file) and the Debian package that brings it, so that a
# machine that has the program from elsewhere (containerd from Docker's packages, kubectl from anywhere) gets no second one.

programs_for() {
    [ -n "${KUBEBUILDER_ASSETS:-}" ] && [ "$1" = api ] || echo etcd etcd-server
    cat <<'END'
kubectl kubernetes-client
curl curl
jq jq
openssl openssl
xz xz-utils
dpkg-source dpkg-dev
runc runc
ssh openssh-client
/usr/sbin/sshd openssh-server
docker-registry docker-registry
END
    [ "$1" = api ] || cat <<'END'
setcap libcap2-bin
containerd containerd
ctr containerd
/usr/lib/cni/bridge containernetworking-plugins
/usr/lib/cni/portmap containernetworking-plugins
iptables iptables
ip iproute2
nsenter util-linux
END
}

missing_packages() {
    local program package
    programs_for "$1" | while read -r program package; do
        command -v "$program" >/dev/null || echo "$package"
    done | sort -u
}

# install_packages MODE
install_packages() {
    local missing policy=/usr/sbin/policy-rc.d ours=
    missing=$(missing_packages "$1" | paste -sd ' ')
    [ -n "$missing" ] || return 0
    [ "$(id -u)" = 0 ] || die "missing on this machine: $missing (run as root once to have them installed)"
    # Debian starts a service as soon as its package is installed, unless this file says no. The cluster's etcd, containerd and registry are
    # started by `up`, on its own ports.
    if [ ! -e $policy ]; then
        ours=$policy
        printf '#!/bin/sh\nexit 101\n' >$policy
        chmod 755 $policy
    fi
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 # a list of names
    if ! { apt-get update -q && apt-get install -y -q --no-install-recommends $missing; } >"$logs/packages.log" 2>&1 </dev/null; then
        rm -f "$ours"
        show_log "$logs/packages.log"
        die "could not install $missing"
    fi
    rm -f "$ours"
    step "installed $missing"
}
