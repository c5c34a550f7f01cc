#!/usr/bin/env bash
# The sqlite3 shell, for an application that keeps its data in a file.
. "$(dirname "$0")/../roots.sh"
packages bookworm sqlite3
keep usr/bin/sqlite3
image persistence/sqlite:3 'WORKDIR /data' 'CMD ["idle"]'
