#!/usr/bin/env bash
# An application of one's own that keeps its notes in SQLite, in WAL mode.
. "$(dirname "$0")/../roots.sh"
packages bookworm libstdc++6 libgcc-s1 libc6
# Node.js, with node:sqlite, which Debian's does not have yet.
npm_package "node-linux-$(npm_cpu)@22" "$OUT/node"
install -D -m 755 "$OUT/node/bin/node" "$FULL/usr/local/bin/node"
rm -rf "$OUT/node"
keep usr/local/bin/node
install -D -m 644 "$SETUP/recipes/app/server.mjs" "$MIN/app/server.mjs"
image persistence/app:1 'WORKDIR /app' 'EXPOSE 3000' 'ENV NODE_ENV=production' 'CMD ["node","--no-warnings","server.mjs"]'
