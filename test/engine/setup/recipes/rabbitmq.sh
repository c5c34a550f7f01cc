#!/usr/bin/env bash
. "$(dirname "$0")/../roots.sh"
without adduser logrotate python3 procps openssl socat lsb-base sysvinit-utils
packages bookworm rabbitmq-server gosu bash libc-bin
rm -rf "$FULL"/usr/lib/erlang/{lib/*/src,lib/*/include,lib/*/examples,man,usr}
keep usr/bin/bash usr/sbin/gosu usr/lib/locale/C.utf8 usr/lib/erlang usr/lib/rabbitmq usr/bin/erl usr/bin/epmd usr/bin/erl_call usr/bin/escript
# The programs look for their like beside themselves and do not follow a symbolic link.
mkdir -p "$MIN/usr/local/bin"
home=$(cd "$MIN" && echo usr/lib/rabbitmq/lib/rabbitmq_server-*)
for program in server ctl -diagnostics -plugins -queues -upgrade -streams; do
  name=rabbitmq${program/#server/-server}
  [[ -e $MIN/$home/sbin/$name ]] || continue
  printf '%s\n' '#!/bin/sh' "exec /$home/sbin/$name \"\$@\"" > "$MIN/usr/local/bin/$name"
  chmod 755 "$MIN/usr/local/bin/$name"
done
ln -sf bash "$MIN/usr/bin/sh"
program usr/local/bin/docker-entrypoint.sh
user rabbitmq 999 /var/lib/rabbitmq
mkdir -p "$MIN"/etc/rabbitmq/conf.d "$MIN"/var/{lib,log}/rabbitmq
printf '%s\n' 'loopback_users.guest = false' 'log.console = true' > "$MIN/etc/rabbitmq/conf.d/10-defaults.conf"
echo 'management_agent.disable_metrics_collector = false' > "$MIN/etc/rabbitmq/conf.d/20-management_agent.disable_metrics_collector.conf"
echo '[rabbitmq_management,rabbitmq_prometheus].' > "$MIN/etc/rabbitmq/enabled_plugins"
chown -R 999:999 "$MIN"/etc/rabbitmq "$MIN"/var/{lib,log}/rabbitmq
chmod 1777 "$MIN"/etc/rabbitmq "$MIN"/var/{lib,log}/rabbitmq
image rabbitmq:3.10-management 'VOLUME /var/lib/rabbitmq' 'EXPOSE 4369 5671 5672 15671 15672 15691 15692 25672' \
  'ENV HOME=/var/lib/rabbitmq' 'ENV LANG=C.UTF-8' 'ENV LC_ALL=C.UTF-8' 'ENV RABBITMQ_LOGS=-' \
  'ENTRYPOINT ["docker-entrypoint.sh"]' 'CMD ["rabbitmq-server"]'
