#!/usr/bin/env bash
# What matters of the image's entrypoint: a new cluster where there is none, from the same variables and with the same
# lines in the log; an old one is left as it is.
set -euo pipefail
shopt -s nullglob

# value NAME [DEFAULT]: of the variable NAME, or of the file that NAME_FILE names.
value() {
  local file=${1}_FILE
  if [[ -n ${!1:-} && -n ${!file:-} ]]; then
    echo "error: both $1 and $file are set (but are exclusive)" >&2
    return 1
  fi
  if [[ -n ${!file:-} ]]; then cat "${!file}"; else printf '%s' "${!1:-${2:-}}"; fi
}

create() {
  POSTGRES_PASSWORD=$(value POSTGRES_PASSWORD)
  POSTGRES_USER=$(value POSTGRES_USER postgres)
  POSTGRES_DB=$(value POSTGRES_DB "$POSTGRES_USER")
  POSTGRES_INITDB_ARGS=$(value POSTGRES_INITDB_ARGS)
  export POSTGRES_PASSWORD POSTGRES_USER POSTGRES_DB PGPASSWORD=$POSTGRES_PASSWORD
  local method=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
  if [[ -z $POSTGRES_PASSWORD && $method != trust ]]; then
    echo 'Error: Database is uninitialized and superuser password is not specified.' >&2
    echo '       You must specify POSTGRES_PASSWORD to a non-empty value for the' >&2
    echo '       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".' >&2
    exit 1
  fi
  # Several arguments may be in the one variable.
  # shellcheck disable=SC2086
  initdb --username="$POSTGRES_USER" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") \
    ${POSTGRES_INITDB_WALDIR:+"--waldir=$POSTGRES_INITDB_WALDIR"} $POSTGRES_INITDB_ARGS
  printf '\nhost all all all %s\n' "$method" >> "$PGDATA/pg_hba.conf"

  # Only from inside, until it is set up.
  pg_ctl -D "$PGDATA" -o "-c listen_addresses='' -p ${PGPORT:-5432}" -w start
  local query=(psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --no-password --no-psqlrc)
  if [[ $POSTGRES_DB != postgres ]]; then
    "${query[@]}" --dbname postgres --set db="$POSTGRES_DB" <<< 'CREATE DATABASE :"db" ;'
  fi
  local script
  for script in /docker-entrypoint-initdb.d/*; do
    case $script in
      *.sh)
        echo "$0: running $script"
        if [[ -x $script ]]; then "$script"; else . "$script"; fi
        ;;
      *.sql)
        echo "$0: running $script"
        "${query[@]}" --dbname "$POSTGRES_DB" -f "$script"
        ;;
      *.sql.gz)
        echo "$0: running $script"
        gunzip -c "$script" | "${query[@]}" --dbname "$POSTGRES_DB"
        ;;
      *) echo "$0: ignoring $script" ;;
    esac
  done
  pg_ctl -D "$PGDATA" -m fast -w stop
  printf '\n%s\n\n' 'PostgreSQL init process complete; ready for start up.'
}

if [[ ${1:-} == -* ]]; then set -- postgres "$@"; fi
if [[ ${1:-} == postgres && " $* " != *" --help "* && " $* " != *" --version "* ]]; then
  mkdir -p "$PGDATA"
  chmod 700 "$PGDATA" 2> /dev/null || true
  if ((EUID == 0)); then
    for directory in "$PGDATA" /run/postgresql ${POSTGRES_INITDB_WALDIR:+"$POSTGRES_INITDB_WALDIR"}; do
      mkdir -p "$directory"
      find "$directory" ! -user postgres -exec chown postgres {} +
    done
    exec gosu postgres "${BASH_SOURCE[0]}" "$@"
  fi
  if [[ -s $PGDATA/PG_VERSION ]]; then
    printf '\n%s\n\n' 'PostgreSQL Database directory appears to contain a database; Skipping initialization'
  else
    create
    unset PGPASSWORD
  fi
fi
exec "$@"
