#!/bin/sh
set -e
case ${1:-} in
  -* | *.conf) set -- valkey-server "$@" ;;
esac
if [ "$1" = valkey-server ]; then
  if [ "$(id -u)" = 0 ]; then
    find . ! -user valkey -exec chown valkey {} +
    exec gosu valkey "$0" "$@"
  fi
  # Other containers are to reach it without a password; a configuration of one's own decides for itself.
  case $* in
    *.conf* | *--protected-mode*) ;;
    *) set -- "$@" --protected-mode no ;;
  esac
  # Several flags may be in the one variable.
  # shellcheck disable=SC2086
  set -- "$@" ${VALKEY_EXTRA_FLAGS:-}
fi
exec "$@"
