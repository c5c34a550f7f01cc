#!/usr/bin/env bash
# images.sh ENGINE [RECIPE...]: the images of these recipes (of all) are on the engine, which must run. What was built
# before is built again only when its recipe has changed.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
place "$1"
shift
if (($# == 0)); then
  for recipe in "$SETUP"/recipes/*.sh; do set -- "$@" "$(basename "$recipe" .sh)"; done
fi
mkdir -p "$ROOTS"
exec 9> "$ROOTS/lock"
flock 9

for recipe in "$@"; do
  script=$SETUP/recipes/$recipe.sh
  [[ -e $script ]] || give_up "there is no recipe $recipe"
  key=$(cat "$script" "$SETUP/roots.sh" | sha256sum | cut -c 1-16)
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
    for change in "${changes[@]}"; do arguments+=(--change "$change"); done
    docker_cli import "${arguments[@]}" - "$name" < "${description%.image}.tar" > /dev/null
    # The image that had the name before.
    if [[ -n $there ]]; then docker_cli image rm "${there#* }" > /dev/null 2>&1 || true; fi
  done
done
