#!/usr/bin/env bash
. "$(dirname "$0")/../roots.sh"
packages bookworm redis-server
keep usr/bin/redis-server usr/bin/redis-cli usr/bin/redis-check-rdb usr/bin/redis-check-aof
user redis 999 /data
mkdir -p "$MIN/data"
chown 999:999 "$MIN/data"
image redis:7 'VOLUME /data' 'WORKDIR /data' 'EXPOSE 6379' 'USER 999' 'CMD ["redis-server","--protected-mode","no"]'
