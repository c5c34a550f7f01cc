#!/usr/bin/env bash
# An image of one's own that declares a volume, in two revisions that differ in the files that they bring along.
. "$(dirname "$0")/../roots.sh"
for revision in 1 2; do
  mkdir -p "$MIN"/srv/{declared,plain}
  echo "rev-$revision" | tee "$MIN/srv/declared/rev" "$MIN/srv/plain/rev" > "$MIN/rev"
  image "persistence/volume:$revision" 'VOLUME /srv/declared' 'CMD ["idle"]'
done
