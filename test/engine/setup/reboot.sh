#!/usr/bin/env bash
# reboot.sh ENGINE: what a restart of the machine does to the engine and its containers: all of them end, the engine
# ends, what lies in memory goes, the engine starts, and with it the containers that ask for it.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
place "$1"
if [[ $ENGINE == podman4 ]]; then
  "$SETUP/stop.sh" "$ENGINE" keep-network
  rm -rf "$HERE/exec" "$HERE/tmp"
  "$SETUP/start.sh" "$ENGINE" > /dev/null
  # No daemon does it: podman-restart.service does, with this command.
  podman_cli start --all --filter restart-policy=always > /dev/null
else
  "$SETUP/stop.sh" "$ENGINE" keep-network
  "$SETUP/start.sh" "$ENGINE" > /dev/null
fi
