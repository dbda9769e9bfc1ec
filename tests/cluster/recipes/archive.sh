# Sourced by recipes: an image's archive, made of a root file system with tar, sha256sum and jq alone.

# archive NAME:TAG ROOT FILE CONFIG: in the format of `docker save`, with one layer. Times and order are fixed, so that the same content
# gives the same bytes; file capabilities are kept.
archive() {
    local name=$1 root=$2 file=$3 config=$4 parts layer digest
    parts=$(mktemp -d -p "$WORK")
    tar -C "$root" --xattrs --xattrs-include=security.capability --pax-option=delete=atime,delete=ctime \
        --sort=name --mtime=@0 --numeric-owner -cf "$parts/layer.tar" .
    layer=$(sha256sum "$parts/layer.tar" | cut -d ' ' -f 1)
    jq -nc --argjson config "$config" --arg layer "sha256:$layer" --arg architecture "$(dpkg --print-architecture)" '{
        $architecture, os: "linux", created: "1970-01-01T00:00:00Z", $config, rootfs: {type: "layers", diff_ids: [$layer]}
    }' >"$parts/config"
    digest=$(sha256sum "$parts/config" | cut -d ' ' -f 1)
    mv "$parts/config" "$parts/$digest.json"
    jq -nc --arg config "$digest.json" --arg name "$name" '[{Config: $config, RepoTags: [$name], Layers: ["layer.tar"]}]' \
        >"$parts/manifest.json"
    tar -C "$parts" --mtime=@0 --owner=0 --group=0 --numeric-owner -cf "$file" manifest.json "$digest.json" layer.tar
}

# users ROOT HOME: root and the user with the id 1000.
users() {
    printf 'root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000:user:%s:/bin/sh\n' "$2" >"$1/etc/passwd"
    printf 'root:x:0:\nuser:x:1000:\n' >"$1/etc/group"
}
