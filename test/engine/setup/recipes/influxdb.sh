#!/usr/bin/env bash
. "$(dirname "$0")/../roots.sh"
without adduser
packages bookworm influxdb influxdb-client
keep usr/bin/influxd usr/bin/influx
program entrypoint.sh
mkdir -p "$MIN/var/lib/influxdb" "$MIN/etc/influxdb" "$MIN/docker-entrypoint-initdb.d"
printf '%s\n' '[meta]' '  dir = "/var/lib/influxdb/meta"' '[data]' '  dir = "/var/lib/influxdb/data"' \
  '  engine = "tsm1"' '  wal-dir = "/var/lib/influxdb/wal"' > "$MIN/etc/influxdb/influxdb.conf"
image influxdb:1.6 'VOLUME /var/lib/influxdb' 'EXPOSE 8086' 'ENTRYPOINT ["/entrypoint.sh"]' 'CMD ["influxd"]'
