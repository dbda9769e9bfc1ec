# Sourced by the two Kubernetes recipes: Kubernetes from Debian bookworm's source package, which carries upstream's whole tree with vendor/
# (only kubectl is made a package of). Built as upstream 1.20 does, in GOPATH mode: module mode stops at "updates to go.mod needed".

prepare_kubernetes() {
    unpack bookworm "$WORK/debian" '^golang-' golang-1.19-go golang-github-modern-go-reflect2-dev
    source_of bookworm "$WORK/download" kubernetes
    local source=$WORK/go/src/k8s.io/kubernetes
    mkdir -p "$(dirname "$source")"
    dpkg-source --no-check -x "$WORK"/download/kubernetes_*.dsc "$source"
    version=$(cd "$WORK/download" && echo kubernetes_*.dsc) # kubernetes_1.20.5+really1.20.2-1.dsc
    version=${version##*really}
    version=v${version%%-*}
    step "kubernetes: source of $version"

    use_newer_reflect2 "$source/vendor/github.com/modern-go/reflect2"
    export GOROOT=$WORK/debian/usr/lib/go-1.19 GOPATH=$WORK/go GOCACHE=$WORK/go-cache GO111MODULE=off GOFLAGS= CGO_ENABLED=0
    PATH=$GOROOT/bin:$PATH
    cd "$source"
    generate_openapi
}

# The vendored 1.0.1 reads map iterators the way Go had them before 1.18: kube-apiserver dies in mapiternext ("unexpected fault address")
# at the first server-side apply. Debian's 1.0.2 has the fix and the same functions.
use_newer_reflect2() {
    rm "$1"/*.go "$1"/*.s
    cp -L "$WORK"/debian/usr/share/gocode/src/github.com/modern-go/reflect2/*.{go,s} "$1"
}

# pkg/generated/openapi/zz_generated.openapi.go is in no tarball; the API server does not compile without it.
generate_openapi() {
    local packages
    go build -o "$WORK/openapi-gen" ./vendor/k8s.io/kube-openapi/cmd/openapi-gen
    packages=$(grep -rl --include='*.go' '^ *// *+k8s:openapi-gen=' cmd pkg plugin staging/src/k8s.io | xargs -n 1 dirname | sort -u |
        grep -v -e /code-generator/ -e /sample-apiserver/ | sed -e 's#^staging/src/#vendor/#' -e 's#^#k8s.io/kubernetes/#' | paste -sd,)
    "$WORK/openapi-gen" --v 0 --logtostderr -i "$packages" -p k8s.io/kubernetes/pkg/generated/openapi -O zz_generated.openapi \
        -h vendor/k8s.io/code-generator/hack/boilerplate.go.txt -r "$WORK/openapi-violations"
    step "kubernetes: OpenAPI definitions"
}

# build_kubernetes COMPONENT...: in one go build, which shares what they have in common.
build_kubernetes() {
    local flags="-s -w" package
    for package in client-go/pkg/version component-base/version; do
        package=k8s.io/kubernetes/vendor/k8s.io/$package
        flags+=" -X $package.gitVersion=$version -X $package.gitMajor=1 -X $package.gitMinor=20 -X $package.gitTreeState=archive"
        flags+=" -X $package.gitCommit=debian -X $package.buildDate=1970-01-01T00:00:00Z"
    done
    mkdir -p "$OUT/bin"
    # No cloud providers and no dockershim: less to compile, and neither is used.
    go build -trimpath -tags providerless,dockerless -ldflags "$flags" -o "$OUT/bin/" "${@/#/./cmd/}"
    step "kubernetes: $*"
}
