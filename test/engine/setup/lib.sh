# Sourced by the scripts beside it. Names and places that all of them share.
set -euo pipefail

SETUP=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# Tests that must not meet can be given places of their own.
HOME_OF_ENGINES=${PERSISTENCE_ENGINE_DIR:-$(cd "$SETUP/../../.." && pwd)/.tmp/engine}
mkdir -p "$HOME_OF_ENGINES"
HOME_OF_ENGINES=$(cd "$HOME_OF_ENGINES" && pwd -P)

TRIXIE=$HOME_OF_ENGINES/trixie
CLIENT=$HOME_OF_ENGINES/client
ROOTS=$HOME_OF_ENGINES/roots
COMPOSE=$TRIXIE/root/usr/libexec/docker/cli-plugins/docker-compose
DOCKER=$TRIXIE/root/usr/bin/docker
export DEBIAN_FRONTEND=noninteractive

say() { printf '%s\n' "$*" >&2; }
give_up() {
  say "$*"
  exit 1
}

# place NAME: sets the variables of one engine.
place() {
  case $1 in
    docker26 | docker20 | podman4) ;;
    *) give_up "there is no engine $1: there are docker26, docker20 and podman4" ;;
  esac
  ENGINE=$1
  HERE=$HOME_OF_ENGINES/$ENGINE
  SOCKET=$HERE/engine.sock
  PIDFILE=$HERE/pid
  LOG=$HERE/log
  mkdir -p "$HERE"
}

# is_alive: the process of the pid file runs, and is no stranger that was given the number of one that ended.
is_alive() {
  local pid
  pid=$(cat "$PIDFILE" 2> /dev/null) && [[ -n $pid ]] && tr '\0' ' ' < "/proc/$pid/cmdline" 2> /dev/null | grep -qF "$HERE"
}

docker_cli() { DOCKER_CONFIG=$CLIENT DOCKER_HOST=unix://$SOCKET "$DOCKER" "$@"; }

PODMAN=(podman --root "$HOME_OF_ENGINES/podman4/data" --runroot "$HOME_OF_ENGINES/podman4/exec" --tmpdir "$HOME_OF_ENGINES/podman4/tmp")
podman_cli() { CONTAINERS_CONF=$HERE/containers.conf DOCKER_CONFIG=$CLIENT "${PODMAN[@]}" "$@"; }

# The mirror that this machine takes its own Debian packages from.
mirror() {
  local uri
  uri=$(apt-get indextargets 'Created-By: Packages' --format '$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(REPO_URI)' |
    sed -n 's/^Debian|Debian|main|//p' | head -n 1)
  [[ -n $uri ]] || give_up 'the apt sources of this machine name no Debian mirror'
  printf '%s\n' "$uri"
}

# trixie_options: sets APT_TRIXIE to what makes apt-get look at trixie, in an index of its own. The machine's own apt
# neither sees it nor is changed.
trixie_options() {
  local apt=$TRIXIE/apt
  APT_TRIXIE=(
    -o "Dir::Etc::sourcelist=$apt/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$apt/lists"
    -o "Dir::Cache=$apt/cache" -o APT::Sandbox::User=root -o Debug::NoLocking=1
  )
  [[ -e $apt/ready ]] && return
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(mirror) trixie main" > "$apt/sources.list"
  apt-get -qq "${APT_TRIXIE[@]}" update
  touch "$apt/ready"
}
