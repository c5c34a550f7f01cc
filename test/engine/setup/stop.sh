#!/usr/bin/env bash
# stop.sh ENGINE [keep-network]: stops it, and takes away the network devices that it made unless it is to start again at
# once. Its images stay.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
place "$1"
is_alive || exit 0
pid=$(< "$PIDFILE")

bridges=()
if [[ $ENGINE == docker* ]]; then
  for id in $(timeout 20 "$DOCKER" -H "unix://$SOCKET" network ls -q --filter driver=bridge 2> /dev/null); do
    bridges+=("br-$id")
  done
fi
# Podman's containers would go on without it.
if [[ $ENGINE == podman4 ]]; then podman_cli stop --all --time 3 > /dev/null || true; fi
kill "$pid"
for ((i = 0; i < 600; i++)); do
  is_alive || break
  # Podman's service waits for whoever still holds a connection. It keeps nothing in memory that would have to be written.
  if [[ $ENGINE == podman4 && $i == 100 ]]; then kill -KILL "$pid"; fi
  sleep 0.05
done
is_alive && give_up "$ENGINE (process $pid) does not end"
rm -f "$PIDFILE"

if [[ $ENGINE == podman4 ]]; then
  # Each command that was run in a container leaves two watchers for five minutes.
  for watcher in /proc/[0-9]*; do
    [[ $(readlink "$watcher/exe") == */conmon ]] && grep -qF "$HERE/" "$watcher/cmdline" && kill "${watcher#/proc/}" || true
  done 2> /dev/null
fi

if [[ ${2:-} != keep-network ]]; then
  # Devices of networks that no container uses would stay for ever.
  for bridge in "${bridges[@]}"; do ip link del "$bridge" 2> /dev/null || true; done
  if [[ -e $HERE/made-bridge ]]; then
    ip link del docker0 2> /dev/null || true
    rm -f "$HERE/made-bridge"
  fi
fi
