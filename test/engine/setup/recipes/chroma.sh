#!/usr/bin/env bash
# The server is in the native module of Chroma's command line for npm; it asks for trixie's libc.
. "$(dirname "$0")/../roots.sh"
cpu=$(npm_cpu)
packages trixie libstdc++6 libgcc-s1 libc6 dumb-init
npm_package "node-linux-$cpu@22" "$OUT/node"
install -D -m 755 "$OUT/node/bin/node" "$FULL/usr/local/bin/node"
npm_package "chromadb-js-bindings-linux-$cpu-gnu@1.3.4" "$OUT/bindings"
install -D -m 644 "$OUT"/bindings/*.node "$FULL/usr/local/lib/chroma/server.node"
rm -rf "$OUT/node" "$OUT/bindings"
keep usr/local/bin/node usr/local/lib/chroma usr/bin/dumb-init
program usr/local/bin/chroma
echo 'persist_path: "/data"' > "$MIN/config.yaml"
image chromadb/chroma:1.3.4 'EXPOSE 8000' 'ENTRYPOINT ["dumb-init","--","chroma"]' 'CMD ["run","/config.yaml"]'
