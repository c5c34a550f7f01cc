#!/usr/bin/env bash
. "$(dirname "$0")/../roots.sh"
without adduser
packages bookworm nats-server
keep "$(cd "$FULL" && ls usr/{s,}bin/nats-server 2> /dev/null)"
program usr/local/bin/docker-entrypoint.sh
mkdir -p "$MIN/etc/nats"
printf '%s\n' 'port: 4222' 'monitor_port: 8222' > "$MIN/etc/nats/nats-server.conf"
image nats:2 'EXPOSE 4222 6222 8222' 'ENTRYPOINT ["docker-entrypoint.sh"]' \
  'CMD ["nats-server","--config","/etc/nats/nats-server.conf"]'
