#!/usr/bin/env bash
# The four programs of a whole node.
# uses: debian.sh kubernetes-source.sh
set -euo pipefail
. "$RECIPES/debian.sh"
. "$RECIPES/kubernetes-source.sh"

prepare_kubernetes
build_kubernetes kube-apiserver kube-controller-manager kube-scheduler kubelet
