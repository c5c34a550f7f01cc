#!/usr/bin/env bash
# start.sh ENGINE: starts it and waits until it answers. Prints `started`, or `running` where it already ran.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
place "$1"
export PATH=/usr/sbin:/usr/bin:/sbin:/bin

if is_alive; then
  echo running
  exit
fi
rm -f "$PIDFILE" "$SOCKET"

# The firewall, routing and name translation of the machine are left alone.
docker_flags=(
  "--host=unix://$SOCKET" "--data-root=$HERE/data" "--exec-root=$HERE/exec" "--pidfile=$PIDFILE"
  --iptables=false --ip6tables=false --ip-masq=false --ip-forward=false --userland-proxy=false
)
[[ -e /sys/class/net/docker0 ]] || touch "$HERE/made-bridge"
case $ENGINE in
  docker26) PATH=$TRIXIE/bin:$PATH setsid dockerd "${docker_flags[@]}" > "$LOG" 2>&1 < /dev/null & ;;
  docker20) setsid /usr/sbin/dockerd "${docker_flags[@]}" > "$LOG" 2>&1 < /dev/null & ;;
  podman4)
    # As it comes, Podman asks for limits and a cgroup layout that containers and small machines do not grant. Its
    # Docker API swaps the soft with the hard limit: only equal ones are right.
    printf '%s\n' '[containers]' 'default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]' \
      '[engine]' 'runtime = "runc"' 'cgroup_manager = "cgroupfs"' 'events_logger = "file"' \
      '[network]' 'network_backend = "netavark"' > "$HERE/containers.conf"
    CONTAINERS_CONF=$HERE/containers.conf DOCKER_CONFIG=$CLIENT \
      setsid "${PODMAN[@]}" system service --time=0 "unix://$SOCKET" > "$LOG" 2>&1 < /dev/null &
    echo $! > "$PIDFILE"
    ;;
esac
for ((i = 0; i < 300; i++)); do
  if docker_cli version > /dev/null 2>&1; then
    echo started
    exit
  fi
  sleep 0.1
done
tail -n 5 "$LOG" >&2
give_up "$ENGINE did not start; its log is $LOG"
