#!/usr/bin/env bash
# images.sh ENGINE [RECIPE...]: the images of these recipes (of all) are on the engine, which must run. What was built
# before is built again only when its recipe has changed, with its folder and roots.sh.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
place "$1"
shift
if (($# == 0)); then
  for recipe in "$SETUP"/recipes/*.sh; do set -- "$@" "$(basename "$recipe" .sh)"; done
fi
mkdir -p "$ROOTS"

make() {
  local recipe=$1 script=$SETUP/recipes/$1.sh key description name changes there arguments change later sources
  [[ -e $script ]] || give_up "there is no recipe $recipe"
  exec 9> "$ROOTS/$recipe.lock"
  flock 9
  sources=("$script" "$SETUP/roots.sh")
  if [[ -d ${script%.sh} ]]; then sources+=("${script%.sh}"/*); fi
  key=$(cat "${sources[@]}" | sha256sum | cut -c 1-16)
  if [[ $(cat "$ROOTS/$recipe/key" 2> /dev/null) != "$key" ]]; then
    bash "$script" || give_up "the recipe $recipe failed"
    rm -rf "$ROOTS/$recipe"/{full,min}
    echo "$key" > "$ROOTS/$recipe/key"
  fi
  for description in "$ROOTS/$recipe"/*.image; do
    { read -r name && mapfile -t changes; } < "$description"
    there=$(docker_cli image inspect -f '{{index .Config.Labels "persistence.recipe"}} {{.Id}}' "$name" 2> /dev/null || true)
    [[ ${there% *} == "$key" ]] && continue
    arguments=(--change "LABEL persistence.recipe=$key")
    later=
    for change in "${changes[@]}"; do
      # Docker 20.10 takes it from a Dockerfile alone.
      if [[ $ENGINE == docker20 && $change == STOPSIGNAL* ]]; then later=$change; else arguments+=(--change "$change"); fi
    done
    docker_cli import "${arguments[@]}" - "$name" < "${description%.image}.tar" > /dev/null
    if [[ -n $later ]]; then
      printf '%s\n' "FROM $name" "$later" | DOCKER_BUILDKIT=0 docker_cli build -q -t "$name" - > /dev/null 2>&1
    fi
    # The image that had the name before.
    if [[ -n $there ]]; then docker_cli image rm "${there#* }" > /dev/null 2>&1 || true; fi
  done
}

# Most of the time goes into waiting for downloads.
failed=0
running=0
for recipe in "$@"; do
  if ((running >= 4)); then
    wait -n || failed=1
    ((running -= 1)) || true
  fi
  (make "$recipe") &
  ((running += 1))
done
for ((; running > 0; running--)); do wait -n || failed=1; done
exit "$failed"
