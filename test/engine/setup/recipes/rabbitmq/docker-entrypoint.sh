#!/usr/bin/env bash
set -euo pipefail
if [[ ${1:-} == rabbitmq* && $EUID == 0 ]]; then
  if [[ $1 == rabbitmq-server ]]; then find /var/lib/rabbitmq ! -user rabbitmq -exec chown rabbitmq {} +; fi
  exec gosu rabbitmq "${BASH_SOURCE[0]}" "$@"
fi
exec "$@"
