#!/usr/bin/env bash
# The images: pause (what keeps a pod's namespaces), busybox (what tests build on and run), shells (bash and dash with
# coreutils, as an author's image may have them) and builder, a stand-in for
# moby/buildkit:rootless. They are named localhost/..., so that no kubelet asks a registry for them.
# uses: debian.sh archive.sh
# needs: buildkit
set -euo pipefail
. "$RECIPES/debian.sh"
. "$RECIPES/archive.sh"

parts=$WORK/debian
unpack trixie "$parts" . busybox-static bash dash coreutils util-linux rootlesskit uidmap runc ca-certificates

# --- pause: busybox asleep. Pods do not share their process namespace here, so it has nothing to reap.
root=$WORK/pause
install -D "$parts/usr/bin/busybox" "$root/bin/busybox"
archive localhost/pause:1 "$root" "$OUT/pause.tar" '{"Entrypoint": ["/bin/busybox", "sleep", "2147483647"]}'

# --- busybox
root=$WORK/busybox
mkdir -p "$root"/{etc,tmp,root,proc,sys,dev,var/www}
chmod 1777 "$root/tmp"
install -D "$parts/usr/bin/busybox" "$root/bin/busybox"
for applet in $("$root/bin/busybox" --list); do [ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"; done
users "$root" /tmp
archive localhost/busybox:1 "$root" "$OUT/busybox.tar" '{"Env": ["PATH=/bin"], "Cmd": ["sh"]}'
step "images: pause and busybox"

# --- shells: PATH chooses what an author's image has. /bash is whole, /dash has no bash, /bare has bash but no setsid, /poor has no head.
root=$WORK/shells
mkdir -p "$root"/usr/{bin,lib,lib64} "$root"/{bash,dash,bare,poor,etc,tmp,root,proc,sys,dev}
for directory in bin lib lib64; do ln -s "usr/$directory" "$root/$directory"; done
chmod 1777 "$root/tmp"
tools="bash dash head wc mkdir cat tail sleep rm setsid id env ls printf seq sha256sum nohup timeout touch dd yes"
loader=$(cd "$parts" && find usr/lib64 usr/lib -maxdepth 1 -name 'ld-linux-*')
libraries=$(cd "$parts" && for tool in $tools; do
    "$loader" --library-path "$(echo "$parts"/usr/lib/*-linux-gnu)" --list "$parts/usr/bin/$tool"
done | grep -oE "$parts/[^ ]+" | sed "s#^$parts/##" | sort -u)
# shellcheck disable=SC2086 # lists of names without blanks
(cd "$parts" && cp -L --parents $(printf 'usr/bin/%s ' $tools) "$loader" $libraries "$root/")
for path in bash dash bare poor; do
    for tool in $tools; do
        case $path-$tool in dash-bash | bare-setsid | poor-head) ;; *) ln -s "/usr/bin/$tool" "$root/$path/$tool" ;; esac
    done
    ln -s /usr/bin/dash "$root/$path/sh"
done
users "$root" /tmp
archive localhost/shells:1 "$root" "$OUT/shells.tar" '{"Env": ["PATH=/bash"], "Cmd": ["sh"]}'
step "images: shells"

# --- builder: the programs with the libraries they load. No git (so no git contexts), no slirp4netns (the pod's network is used), no
# fuse-overlayfs (pods have no /dev/fuse; the kernel's overlayfs works in a user namespace).
root=$WORK/builder
mkdir -p "$root"/usr/{bin,sbin,lib,lib64} "$root"/{root,proc,sys,dev,run/user/1000,tmp,var/tmp,etc/ssl/certs} \
    "$root"/home/user/{.local/tmp,.local/share/buildkit,.config/buildkit}
for directory in bin sbin lib lib64; do ln -s "usr/$directory" "$root/$directory"; done
chmod 1777 "$root/tmp" "$root/var/tmp"

programs="usr/bin/rootlesskit usr/bin/newuidmap usr/bin/newgidmap usr/sbin/runc"
loader=$(cd "$parts" && find usr/lib64 usr/lib -maxdepth 1 -name 'ld-linux-*') # usr/lib64 on amd64, usr/lib on arm64
libraries=$(cd "$parts" && for program in $programs; do
    "$loader" --library-path "$(echo "$parts"/usr/lib/*-linux-gnu)" --list "$program"
done | grep -oE "$parts/[^ ]+" | sed "s#^$parts/##" | sort -u)
# shellcheck disable=SC2086 # lists of names without blanks
(cd "$parts" && cp -L --parents $programs usr/bin/busybox "$loader" $libraries "$root/")
for applet in sh ls cat id ps ip mount wget; do ln -s busybox "$root/usr/bin/$applet"; done
install -m 755 "$BUILDKIT"/bin/{buildkitd,buildctl} "$root/usr/bin/"
ln -s ../sbin/runc "$root/usr/bin/buildkit-runc"
cat "$parts"/usr/share/ca-certificates/mozilla/*.crt >"$root/etc/ssl/certs/ca-certificates.crt"

users "$root" /home/user
echo user:100000:65536 | tee "$root/etc/subuid" >"$root/etc/subgid"
chown -R 1000:1000 "$root/run/user/1000" "$root/home/user"
# Debian sets the setuid bit, which does not help in a pod that keeps no capabilities but SETUID and SETGID: file capabilities do.
chmod 755 "$root"/usr/bin/new{u,g}idmap
setcap cap_setuid=ep "$root/usr/bin/newuidmap"
setcap cap_setgid=ep "$root/usr/bin/newgidmap"
archive localhost/builder:1 "$root" "$OUT/builder.tar" '{
  "User": "1000:1000",
  "Env": ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/home/user", "USER=user", "XDG_RUNTIME_DIR=/run/user/1000",
          "TMPDIR=/home/user/.local/tmp", "BUILDKIT_HOST=unix:///run/user/1000/buildkit/buildkitd.sock"],
  "Volumes": {"/home/user/.local/share/buildkit": {}},
  "Entrypoint": ["rootlesskit", "buildkitd"]}'
step "images: builder"
