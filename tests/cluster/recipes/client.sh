#!/usr/bin/env bash
# The Docker CLI and its buildx plugin from Debian trixie (bookworm has no buildx). Unpacked, not installed: no daemon comes with them.
# uses: debian.sh
set -euo pipefail
. "$RECIPES/debian.sh"

unpack trixie "$WORK/client" '^docker-(cli|buildx)_' docker-cli docker-buildx
install -D -m 755 "$WORK/client/usr/bin/docker" "$OUT/bin/docker"
install -D -m 755 "$WORK/client/usr/libexec/docker/cli-plugins/docker-buildx" "$OUT/cli-plugins/docker-buildx"
"$OUT/bin/docker" --version
"$OUT/cli-plugins/docker-buildx" version
step "client: docker and buildx"
