#!/usr/bin/env bash
# The API server alone, for the tests that need no pods to run.
# uses: debian.sh kubernetes-source.sh
set -euo pipefail
. "$RECIPES/debian.sh"
. "$RECIPES/kubernetes-source.sh"

prepare_kubernetes
build_kubernetes kube-apiserver
