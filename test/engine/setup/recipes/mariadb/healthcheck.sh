#!/usr/bin/env bash
# healthcheck.sh [--connect] [--innodb_initialized] [--su-mysql | --no-defaults]: whether the server is up in these ways.
set -euo pipefail
query() { mariadb --defaults-extra-file=/var/lib/mysql/.my-healthcheck.cnf --skip-column-names --batch -e "$1" 2> /dev/null; }
checked=0
for check in "$@"; do
  case $check in
    # Over the network, which the server that only sets things up does not open.
    --connect) query 'SELECT 1' > /dev/null ;;
    --innodb_initialized)
      [[ $(query "SELECT 1 FROM information_schema.ENGINES WHERE engine = 'innodb' AND support IN ('YES', 'DEFAULT')") == 1 ]]
      ;;
    *) continue ;;
  esac
  checked=1
done
((checked))
