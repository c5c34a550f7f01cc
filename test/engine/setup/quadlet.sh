#!/usr/bin/env bash
# quadlet.sh: Podman's Quadlet generator, from trixie's package, unpacked beside the engines and not installed. Prints the
# path of the program, which needs nothing but libc. Does nothing else where that is done.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
program=$HOME_OF_ENGINES/quadlet/root/usr/libexec/podman/quadlet

exec 9> "$HOME_OF_ENGINES/install.lock"
flock 9
if [[ ! -x $program ]]; then
  command -v apt-get > /dev/null || give_up 'the generator is unpacked from a Debian package, and this machine has no apt-get'
  rm -rf "$HOME_OF_ENGINES/quadlet"
  mkdir -p "$HOME_OF_ENGINES/quadlet/deb"
  trixie_options
  fetch() { (cd "$HOME_OF_ENGINES/quadlet/deb" && apt-get -qq "${APT_TRIXIE[@]}" download podman) > /dev/null 2>&1; }
  # The index may be older than the mirror.
  fetch || { apt-get -qq "${APT_TRIXIE[@]}" update > /dev/null 2>&1 && fetch; } || give_up 'the package podman of trixie cannot be had'
  dpkg -x "$HOME_OF_ENGINES"/quadlet/deb/podman_*.deb "$HOME_OF_ENGINES/quadlet/root"
  rm -rf "$HOME_OF_ENGINES/quadlet/deb"
  # The rest of the package is large, and nobody runs it.
  find "$HOME_OF_ENGINES/quadlet/root" -type f ! -path "$program" -delete
fi
printf '%s\n' "$program"
