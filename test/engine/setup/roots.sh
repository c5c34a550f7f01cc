# Sourced by every recipe: from Debian packages to a minimal root, and to an image.
#
#     without perl                       what `packages` leaves out though something depends on it
#     packages bookworm redis-server     the packages with all they depend on, unpacked below $FULL; nothing is installed
#     keep usr/bin/redis-server          a file or folder of them goes to $MIN, with the libraries that it loads
#     npm_package NAME@VERSION FOLDER    a package of npm, unpacked into the folder; its scripts do not run
#     program usr/local/bin/entry        what the recipe's own folder has by this name goes to $MIN, to be run
#     image redis:7 'VOLUME /data'       $MIN becomes an image, with these changes (as `docker import --change` takes them)
#
# Both trees start anew with each recipe. $MIN always holds busybox with its applets, the users of `user`, and a program
# `idle` that waits for a signal without burning a core.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

RECIPE=$(basename "$0" .sh)
OUT=$ROOTS/$RECIPE
FULL=$OUT/full
MIN=$OUT/min
rm -rf "$OUT"
mkdir -p "$FULL" "$MIN"

# Debian's packages expect /bin to be the same as /usr/bin.
merged() {
  local directory
  mkdir -p "$1"/usr/{bin,sbin,lib,lib64}
  for directory in bin sbin lib lib64; do [[ -e $1/$directory ]] || ln -s "usr/$directory" "$1/$directory"; done
}

WITHOUT=()
without() { WITHOUT+=("$@"); }

packages() {
  local suite=$1 work deb package
  shift
  APT_TRIXIE=()
  if [[ $suite == trixie ]]; then trixie_options; fi
  work=$(mktemp -d "$OUT/apt.XXXX")
  mkdir -p "$work/archives/partial"
  # As if nothing were installed but what is to be left out, so that everything else is fetched.
  : > "$work/status"
  for package in "${WITHOUT[@]}"; do
    printf '%s\n' "Package: $package" 'Status: install ok installed' "Architecture: $(dpkg --print-architecture)" \
      'Multi-Arch: allowed' 'Version: 99:0' '' >> "$work/status"
  done
  fetch_debs() {
    apt-get -qq -y --no-install-recommends "${APT_TRIXIE[@]}" -o "Dir::State::status=$work/status" -o "Dir::Cache=$work" \
      -o "Dir::Cache::archives=$work/archives" -o APT::Sandbox::User=root -o Debug::NoLocking=1 -o Acquire::Retries=3 \
      --download-only install "$@" > "$work/log" 2>&1
  }
  # A machine's lists may be older than its mirror, or not be there.
  fetch_debs "$@" || { refresh_lists && fetch_debs "$@"; } || {
    cat "$work/log" >&2
    exit 1
  }
  merged "$FULL"
  for deb in "$work"/archives/*.deb; do dpkg-deb --fsys-tarfile "$deb" | tar -C "$FULL" -x --keep-directory-symlink; done
  rm -rf "$work"
}

# One recipe at a time fetches the lists anew.
refresh_lists() {
  (
    flock 8
    apt-get -qq "${APT_TRIXIE[@]}" update > /dev/null 2>&1
  ) 8> "$ROOTS/lists.lock"
}

npm_package() {
  local work
  work=$(mktemp -d "$OUT/npm.XXXX")
  (cd "$work" && npm pack --silent --ignore-scripts "$1" > log 2>&1) || {
    cat "$work/log" >&2
    exit 1
  }
  mkdir -p "$2"
  tar -C "$2" --strip-components=1 --no-same-owner -xzf "$work"/*.tgz
  rm -rf "$work"
}

# What npm calls this kind of processor.
npm_cpu() {
  case $(uname -m) in
    x86_64) echo x64 ;;
    aarch64) echo arm64 ;;
    *) give_up "there are no npm packages with programs for $(uname -m)" ;;
  esac
}

program() {
  local path
  for path in "$@"; do install -D -m 755 "$SETUP/recipes/$RECIPE/$(basename "$path")" "$MIN/$path"; done
}

keep() {
  local path file library real
  for path in "$@"; do
    (cd "$FULL" && find "./${path#/}" \( -type f -o -type l \) -print0) | tar -C "$FULL" --null -T - -c | tar -C "$MIN" -x --keep-directory-symlink
  done
  # The loader itself says what it would load; asking it inside $FULL keeps the machine's own libraries out.
  cp /bin/busybox "$FULL/busybox"
  local loader
  loader=$(cd "$FULL" && find usr/lib64 usr/lib -maxdepth 2 -name 'ld-linux*.so.*' | head -n 1)
  [[ -n $loader ]] || return 0
  find "$MIN" -type f \( -perm -u+x -o -name '*.so*' -o -name '*.node' \) -printf '/%P\n' | while read -r file; do
    chroot "$FULL" "/$loader" --list "$file" 2> /dev/null | grep -oE '/[^ ]+' | grep -F .so || true
  done | sort -u | while read -r library; do
    real=$(chroot "$FULL" /busybox readlink -f "$library" 2> /dev/null) && [[ -f $FULL$real ]] || continue
    mkdir -p "$MIN$(dirname "$real")" "$MIN$(dirname "$library")"
    cp -a "$FULL$real" "$MIN$real"
    [[ -e $MIN$library ]] || cp -a "$FULL$library" "$MIN$library"
  done
  rm -f "$FULL/busybox"
}

USERS=(root:0:/root app:1000:/tmp nobody:65534:/)
# user NAME ID HOME
user() { USERS+=("$1:$2:$3"); }

# Applets, users and folders that every image has; what is there already wins.
furnish() {
  local applet entry name id home directory
  cp /bin/busybox "$MIN/usr/bin/busybox"
  for applet in $(/bin/busybox --list); do
    [[ -e $MIN/usr/bin/$applet || -e $MIN/usr/sbin/$applet ]] || ln -s busybox "$MIN/usr/bin/$applet"
  done
  for directory in proc sys dev tmp run root etc data var/lib var/log usr/local/bin; do mkdir -p "$MIN/$directory"; done
  chmod 1777 "$MIN/tmp"
  [[ -e $MIN/var/run ]] || ln -s ../run "$MIN/var/run"
  : > "$MIN/etc/passwd"
  : > "$MIN/etc/group"
  for entry in "${USERS[@]}"; do
    IFS=: read -r name id home <<< "$entry"
    echo "$name:x:$id:$id::$home:/bin/sh" >> "$MIN/etc/passwd"
    echo "$name:x:$id:" >> "$MIN/etc/group"
  done
  echo 'hosts: files dns' > "$MIN/etc/nsswitch.conf"
  printf '%s\n' '#!/bin/sh' "trap 'exit 0' TERM INT" 'sleep 2147483647 &' 'wait' > "$MIN/usr/bin/idle"
  chmod 755 "$MIN/usr/bin/idle"
}

image() {
  local name=$1 number
  shift
  furnish
  number=$(find "$OUT" -name '*.tar' | wc -l)
  tar -C "$MIN" --numeric-owner -cf "$OUT/$number.tar" .
  printf '%s\n' "$name" 'ENV PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' "$@" > "$OUT/$number.image"
}

merged "$MIN"
