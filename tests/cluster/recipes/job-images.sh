#!/usr/bin/env bash
# The images of a job's pod. Stand-ins for official ones: helper (gitlab-runner-helper: git and a shell) and tools (docker:cli: the Docker CLI
# and buildx, at the same paths). Images of authors: job (busybox, without docker or git), job-bash, job-user (not root), job-shellless.
# runner is what runner/Dockerfile builds on, without the runner itself: OpenSSL and a shell.
# Debian's docker needs libc, unlike the official static one: so the authors' images hold libc.
# uses: debian.sh archive.sh
# needs: client
set -euo pipefail
. "$RECIPES/debian.sh"
. "$RECIPES/archive.sh"

parts=$WORK/debian
unpack trixie "$parts" . busybox-static bash-static git ca-certificates libssl3t64
loader=$(cd "$parts" && find usr/lib64 usr/lib -maxdepth 1 -name 'ld-linux-*')

# libraries PROGRAM...: what they load, as paths below $parts.
libraries() {
    local program
    for program; do
        "$parts/$loader" --library-path "$(echo "$parts"/usr/lib/*-linux-gnu)" --list "$program"
    done | grep -oE "$parts/[^ ]+" | sed "s#^$parts/##" | sort -u
}

# base ROOT PROGRAM...: busybox with all its applets, and what the programs load.
base() {
    local root=$1 directory applet
    shift
    mkdir -p "$root"/usr/{bin,sbin,lib,lib64} "$root"/{etc/ssl/certs,root,proc,sys,dev,run,home/user,tmp,var/tmp}
    for directory in bin sbin lib lib64; do ln -s "usr/$directory" "$root/$directory"; done
    chmod 1777 "$root/tmp" "$root/var/tmp"
    install "$parts/usr/bin/busybox" "$root/usr/bin/busybox"
    for applet in $("$root/usr/bin/busybox" --list); do [ "$applet" = busybox ] || ln -s busybox "$root/usr/bin/$applet"; done
    # shellcheck disable=SC2046 # a list of names without blanks
    (cd "$parts" && cp -L --parents "$loader" $(libraries "$@") "$root/")
    cat "$parts"/usr/share/ca-certificates/mozilla/*.crt >"$root/etc/ssl/certs/ca-certificates.crt"
    users "$root" /home/user
    chown 1000:1000 "$root/home/user"
}
environment='"Env": ["PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"]'

docker=$CLIENT/bin/docker
base "$WORK/job" "$docker" "$CLIENT/cli-plugins/docker-buildx"
archive localhost/job:1 "$WORK/job" "$OUT/job.tar" "{$environment, \"Cmd\": [\"sh\"]}"
archive localhost/job-user:1 "$WORK/job" "$OUT/job-user.tar" "{$environment, \"User\": \"1234:1234\", \"Cmd\": [\"sh\"]}"
cp -a "$WORK/job" "$WORK/bash"
install "$parts/usr/bin/bash-static" "$WORK/bash/usr/bin/bash"
archive localhost/job-bash:1 "$WORK/bash" "$OUT/job-bash.tar" "{$environment, \"Cmd\": [\"bash\"]}"

mkdir -p "$WORK/shellless/etc"
install -D "$parts/usr/bin/busybox" "$WORK/shellless/program"
users "$WORK/shellless" /
archive localhost/job-shellless:1 "$WORK/shellless" "$OUT/job-shellless.tar" '{"Entrypoint": ["/program", "sleep", "1000000"]}'
step "job images: job, job-user, job-bash, job-shellless"

base "$WORK/helper" "$parts/usr/bin/git"
install "$parts/usr/bin/git" "$WORK/helper/usr/bin/git"
install "$parts/usr/bin/bash-static" "$WORK/helper/usr/bin/bash"
mkdir -p "$WORK/helper/usr/share/git-core/templates"
archive localhost/helper:1 "$WORK/helper" "$OUT/helper.tar" "{$environment, \"Cmd\": [\"sh\"]}"

base "$WORK/tools" "$docker"
install -D "$docker" "$WORK/tools/usr/local/bin/docker"
install -D "$CLIENT/cli-plugins/docker-buildx" "$WORK/tools/usr/local/libexec/docker/cli-plugins/docker-buildx"
archive localhost/tools:1 "$WORK/tools" "$OUT/tools.tar" "{$environment, \"Cmd\": [\"sh\"]}"
step "job images: helper, tools"

base "$WORK/runner" "$docker" "$(echo "$parts"/usr/lib/*-linux-gnu/libssl.so.3)"
(cd "$parts" && cp -L --parents usr/lib/*-linux-gnu/lib{ssl.so.3,crypto.so.3,m.so.6} "$WORK/runner/")
archive localhost/runner:1 "$WORK/runner" "$OUT/runner.tar" "{$environment, \"Cmd\": [\"sh\"]}"
step "job images: runner"
