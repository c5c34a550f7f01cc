#!/usr/bin/env bash
# reboot.sh ENGINE: what a restart of the machine does to the engine and its containers: all of them end, the engine
# ends, what lies in memory goes, the engine starts, and with it the containers that ask for it.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
place "$1"

# Processes of this engine besides the service: each container that ended is cleaned up by a command of its own.
busy() {
  local process
  for process in /proc/[0-9]*; do
    [[ -r $process/cmdline ]] || continue
    if tr '\0' ' ' 2> /dev/null < "$process/cmdline" | grep -qF -- "--root $HERE/data "; then return 0; fi
  done
  return 1
}

"$SETUP/stop.sh" "$ENGINE" keep-network
if [[ $ENGINE == podman4 ]]; then
  for ((i = 0; i < 300; i++)); do
    busy 2> /dev/null || break
    sleep 0.1
  done
  # Clean-ups that were cut short leave their mounts behind.
  { grep -oE " $HERE/exec/[^ ]+" /proc/mounts || true; } | sort -r | while read -r mount; do umount -l "$mount" || true; done
  rm -rf "$HERE/exec" "$HERE/tmp"
fi
"$SETUP/start.sh" "$ENGINE" > /dev/null
# No daemon starts Podman's containers: podman-restart.service does, with this command.
if [[ $ENGINE == podman4 ]]; then podman_cli start --all --filter restart-policy=always > /dev/null; fi
