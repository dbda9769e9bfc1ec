#!/usr/bin/env bash
# The Go driver that tests/benchmarks/run measures against, built with trixie's Go.
# uses: debian.sh ../../benchmarks/peer/main.go
set -euo pipefail
. "$RECIPES/debian.sh"

tree=$WORK/debian
unpack trixie "$tree" '^golang-' golang-go
GOROOT=$(echo "$tree"/usr/lib/go-*)
export GOROOT GOPATH=$WORK/go GOCACHE=$WORK/go-cache GO111MODULE=off GOTOOLCHAIN=local GOFLAGS= CGO_ENABLED=0
mkdir -p "$OUT/bin"
"$GOROOT/bin/go" build -ldflags '-s -w' -o "$OUT/bin/peer" "$RECIPES/../../benchmarks/peer/main.go"
step "benchmark peer"
