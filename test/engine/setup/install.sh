#!/usr/bin/env bash
# install.sh ENGINE...: makes the engines, the Compose command line and buildx ready to start, from Debian's packages
# alone. Does nothing where that is done. Needs root on Debian 12.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

((EUID == 0)) || give_up 'a container engine needs root'
command -v apt-get > /dev/null || give_up 'the engines are installed from Debian packages, and this machine has no apt-get'
# Not two at once into the same places.
exec 9> "$HOME_OF_ENGINES/install.lock"
flock 9

declare -A wanted=([busybox-static]=1 [runc]=1 [iptables]=1 [iproute2]=1)
for name in "$@"; do
  place "$name"
  case $name in
    docker20) wanted[docker.io]=1 ;;
    podman4) for package in podman conmon netavark aardvark-dns; do wanted[$package]=1; done ;;
  esac
done
missing=()
for package in "${!wanted[@]}"; do
  [[ $(dpkg-query -W -f '${Status}' "$package" 2> /dev/null) == 'install ok installed' ]] || missing+=("$package")
done
if ((${#missing[@]})); then
  add() { apt-get -qq install -y --no-install-recommends -o DPkg::Lock::Timeout=120 "${missing[@]}" > "$HOME_OF_ENGINES/apt.log" 2>&1; }
  # A machine's lists may be older than its mirror.
  add || { apt-get -qq update > /dev/null 2>&1 && add; } || {
    tail -n 5 "$HOME_OF_ENGINES/apt.log" >&2
    give_up "these packages cannot be installed: ${missing[*]}"
  }
fi

if [[ ! -e $TRIXIE/ready ]]; then
  trixie_options
  mkdir -p "$TRIXIE/deb" "$TRIXIE/bin" "$CLIENT/cli-plugins"
  (cd "$TRIXIE/deb" && apt-get -qq "${APT_TRIXIE[@]}" download docker.io docker-cli containerd docker-buildx docker-compose)
  for deb in "$TRIXIE"/deb/*.deb; do dpkg -x "$deb" "$TRIXIE/root"; done
  rm -rf "$TRIXIE/deb"
  # Not runc: trixie's asks for a newer libc than bookworm has.
  for program in bin/docker bin/docker-init bin/containerd bin/containerd-shim-runc-v2 bin/ctr sbin/dockerd sbin/docker-proxy; do
    ln -sf "$TRIXIE/root/usr/$program" "$TRIXIE/bin/"
  done
  ln -sf "$TRIXIE"/root/usr/libexec/docker/cli-plugins/* "$CLIENT/cli-plugins/"
  # Podman refuses a folder of settings that has no file in it.
  echo '{}' > "$CLIENT/config.json"
  touch "$TRIXIE/ready"
fi
