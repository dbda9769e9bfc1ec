# Sourced by recipes: packages of a given Debian suite, downloaded and unpacked but never installed. apt works on a state of its own in
# $SCRATCH: the machine's package lists and packages stay as they are, and its suite may be another one.

# The machine's own mirror: the first address in its apt sources, of either format.
debian_mirror() {
    cat /etc/apt/sources.list /etc/apt/sources.list.d/*.{list,sources} 2>/dev/null |
        sed -nE 's/^URIs: *([^ ]+).*/\1/p; s/^deb +(\[[^]]*\] +)?([^ ]+) .*/\2/p' | head -n 1
}

# apt_of SUITE COMMAND...: an apt command on that suite.
apt_of() {
    local state=$SCRATCH/apt-$1 command=$2
    shift 2
    "$command" -q -o Dir::Etc::sourcelist="$state/suite.sources" -o Dir::Etc::sourceparts=/dev/null -o Dir::State::lists="$state/lists" \
        -o Dir::State::status="$state/status" -o Dir::Cache="$state/cache" -o APT::Sandbox::User="$(id -un)" \
        -o APT::Install-Recommends=false -o Acquire::Languages=none "$@"
}

# open_suite SUITE: fetches its package lists, once per build.
open_suite() {
    local state=$SCRATCH/apt-$1 keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    [ ! -e "$state/opened" ] || return 0
    mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
    : >"$state/status"
    printf 'Types: deb deb-src\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: %s\n' "$(debian_mirror)" "$1" "$keyring" \
        >"$state/suite.sources"
    apt_of "$1" apt-get update
    touch "$state/opened"
}

# unpack SUITE DIRECTORY PATTERN PACKAGE...: the packages and all they depend on, as far as their names match PATTERN. apt resolves from
# an empty status, so that nothing is left out because the machine has it.
unpack() {
    local suite=$1 into=$2 pattern=$3 deb directory
    shift 3
    open_suite "$suite"
    # Debian's merged /usr: older packages still carry files in /lib and /bin.
    for directory in bin sbin lib lib64; do
        mkdir -p "$into/usr/$directory"
        ln -sfn "usr/$directory" "$into/$directory"
    done
    apt_of "$suite" apt-get install -y --download-only "$@"
    # From the simulation, not from --print-uris: that one omits what is downloaded already. Epochs are %3a in file names.
    apt_of "$suite" apt-get install -s "$@" |
        sed -nE 's/^Inst ([^ ]+) \(([^ ]+) .*\[([a-z0-9]+)\]\).*/\1_\2_\3.deb/p' | sed 's/:/%3a/' |
        { grep -E "$pattern" || true; } >"$into.list"
    [ -s "$into.list" ] || { echo "no package of $* matches $pattern"; return 1; }
    while read -r deb; do
        dpkg-deb --fsys-tarfile "$SCRATCH/apt-$suite/cache/archives/$deb" |
            tar -x -C "$into" --keep-directory-symlink --exclude=./usr/share/{doc,man} --exclude='./usr/share/go-*/test' \
                --exclude='*_test.go' --exclude=testdata
    done <"$into.list"
    note_versions <"$into.list"
}

# source_of SUITE DIRECTORY PACKAGE [APT OPTION...]: a source package's files, checked against the signed index, not unpacked.
source_of() {
    local suite=$1 into=$2 package=$3
    shift 3
    open_suite "$suite"
    mkdir -p "$into"
    (cd "$into" && apt_of "$suite" apt-get source --download-only "$@" "$package")
    (cd "$into" && ls) | note_versions
}

note_versions() { cat >>"$OUT/built-from"; }
