#!/usr/bin/env bash
# busybox, by a name that the catalogue knows to declare no volume.
. "$(dirname "$0")/../roots.sh"
image busybox:1 'CMD ["idle"]'
