#!/usr/bin/env bash
# Bookworm has none.
. "$(dirname "$0")/../roots.sh"
without adduser
packages trixie valkey-server valkey-tools gosu
keep usr/sbin/gosu usr/bin/valkey-{server,cli,benchmark,check-rdb,check-aof}
for program in server cli; do ln -s valkey-$program "$MIN/usr/bin/redis-$program"; done
program usr/local/bin/docker-entrypoint.sh
user valkey 999 /data
mkdir -p "$MIN/data"
chown 999:999 "$MIN/data"
image valkey/valkey:8 'VOLUME /data' 'WORKDIR /data' 'EXPOSE 6379' 'ENTRYPOINT ["docker-entrypoint.sh"]' \
  'CMD ["valkey-server"]'
