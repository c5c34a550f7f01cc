#!/bin/sh
# Makes the database and the users that the variables name, where no data is yet.
set -e
case ${1:-} in
  -*) set -- influxd "$@" ;;
esac

create() {
  [ -n "$INFLUXDB_DB$INFLUXDB_ADMIN_USER$INFLUXDB_USER" ] || return 0
  # Only from inside, until it is set up.
  INFLUXDB_HTTP_BIND_ADDRESS=127.0.0.1:8086 INFLUXDB_HTTP_AUTH_ENABLED=false influxd &
  server=$!
  until influx -host 127.0.0.1 -execute 'SHOW DATABASES' > /dev/null 2>&1; do
    kill -0 "$server"
    sleep 0.1
  done
  run() { influx -host 127.0.0.1 -execute "$1"; }
  if [ -n "$INFLUXDB_ADMIN_USER" ]; then
    run "CREATE USER \"$INFLUXDB_ADMIN_USER\" WITH PASSWORD '$INFLUXDB_ADMIN_PASSWORD' WITH ALL PRIVILEGES"
  fi
  if [ -n "$INFLUXDB_DB" ]; then run "CREATE DATABASE \"$INFLUXDB_DB\""; fi
  if [ -n "$INFLUXDB_USER" ]; then
    run "CREATE USER \"$INFLUXDB_USER\" WITH PASSWORD '$INFLUXDB_USER_PASSWORD'"
    if [ -n "$INFLUXDB_DB" ]; then run "GRANT ALL ON \"$INFLUXDB_DB\" TO \"$INFLUXDB_USER\""; fi
  fi
  kill "$server"
  wait "$server" || true
}

if [ "$1" = influxd ] && [ ! -f "${INFLUXDB_META_DIR:-/var/lib/influxdb/meta}/meta.db" ]; then create; fi
exec "$@"
