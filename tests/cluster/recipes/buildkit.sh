#!/usr/bin/env bash
# buildkitd and buildctl, of which Debian has no package. Trixie's library package golang-github-docker-docker-dev holds BuildKit's whole
# source, the commands included; the few libraries it lacks lie in docker.io's source package, in the tarball with BuildKit's vendor tree.
# uses: debian.sh
set -euo pipefail
. "$RECIPES/debian.sh"

version=v0.13.2
tree=$WORK/debian
unpack trixie "$tree" '^golang-' golang-go golang-github-docker-docker-dev golang-github-containerd-stargz-snapshotter-dev \
    golang-github-containerd-nydus-snapshotter-dev golang-github-google-shlex-dev golang-github-gofrs-flock-dev \
    golang-github-agext-levenshtein-dev
# Tarballs only: a mirror may lack the newest .dsc.
source_of trixie "$WORK/download" docker.io --tar-only
mkdir "$WORK/vendor"
tar -xf "$WORK"/download/docker.io_*.orig-buildkit.tar.xz -C "$WORK/vendor"
step "buildkit: source of $version"

# A GOPATH of two trees: what is patched or added, then Debian's.
source=$WORK/go/src/github.com/moby/buildkit
mkdir -p "$(dirname "$source")"
cp -r "$tree/usr/share/gocode/src/github.com/moby/buildkit" "$source"
cp "$WORK/vendor/buildkit/go.mod" "$source/" # without it GOPATH mode does not resolve import paths that end in /v2
for library in containerd/fuse-overlayfs-snapshotter package-url/packageurl-go pkg/profile spdx/tools-golang tonistiigi/go-archvariant \
    tonistiigi/vt100 anchore/go-struct-converter felixge/fgprof; do
    mkdir -p "$WORK/go/src/github.com/${library%/*}"
    cp -r "$WORK/vendor/buildkit/vendor/github.com/$library" "$WORK/go/src/github.com/$library"
done

main=$source/cmd/buildkitd/main.go
# The caches in Azure and in GitHub Actions need a library trixie lacks.
sed -i '/remotecache\/azblob/d; /"azblob":/d; /remotecache\/gha/d; /"gha":/d' "$main"
# Newer BuildKit selects ALPN h2 (moby/buildkit#5413), which today's gRPC clients insist on; 0.13 does not yet.
sed -i 's/^\ttlsConf := &tls.Config{$/&\n\t\tNextProtos: []string{"h2"},/' "$main"
grep -q NextProtos "$main"

GOROOT=$(echo "$tree"/usr/lib/go-*)
export GOROOT GOPATH=$WORK/go:$tree/usr/share/gocode GOCACHE=$WORK/go-cache GO111MODULE=off GOTOOLCHAIN=local GOFLAGS= CGO_ENABLED=0
mkdir -p "$OUT/bin"
for program in buildkitd buildctl; do
    "$GOROOT/bin/go" build -trimpath -tags "osusergo netgo static_build seccomp" \
        -ldflags "-s -w -buildid= -X github.com/moby/buildkit/version.Version=$version+debian" \
        -o "$OUT/bin/$program" "github.com/moby/buildkit/cmd/$program"
    step "buildkit: $program"
done
