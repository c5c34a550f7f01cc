#!/usr/bin/env bash
# What matters of the image's entrypoint: new databases where there are none, from the same variables and with the same
# lines in the log; old ones are left as they are.
set -euo pipefail
shopt -s nullglob

note() { printf '%(%F %T)T+00:00 [Note] [Entrypoint]: %s\n' -1 "$*"; }
give_up() {
  printf '%(%F %T)T+00:00 [ERROR] [Entrypoint]: %s\n' -1 "$*" >&2
  exit 1
}

# setting NAME [DEFAULT]: MARIADB_NAME becomes what it says, or MYSQL_NAME, or the file that either of them with _FILE names.
setting() {
  local name found=
  for name in "MYSQL_$1" "MARIADB_$1"; do
    local file=${name}_FILE
    if [[ -n ${!name:-} && -n ${!file:-} ]]; then give_up "Both $name and $file are set (but are exclusive)"; fi
    if [[ -n ${!file:-} ]]; then found=$(< "${!file}"); elif [[ -n ${!name:-} ]]; then found=${!name}; fi
  done
  export "MARIADB_$1=${found:-${2:-}}" "MYSQL_$1=${found:-${2:-}}"
}

literal() {
  local text=${1//\\/\\\\}
  printf "'%s'" "${text//\'/\\\'}"
}

# option NAME COMMAND...: what the server would take for it.
option() {
  local name=$1
  shift
  "$@" --verbose --help 2> /dev/null | awk -v name="$name" '/^[^ ]/ && $1 == name { value = $2 } END { print value }'
}

query() { MYSQL_PWD=${password-} mariadb --no-defaults --protocol=socket --socket="$socket" -uroot "$@"; }

create() {
  local name password= account script server i
  for name in ROOT_PASSWORD DATABASE USER PASSWORD; do setting "$name"; done
  setting ROOT_HOST %
  local empty=${MARIADB_ALLOW_EMPTY_ROOT_PASSWORD:-${MYSQL_ALLOW_EMPTY_PASSWORD:-}}
  local random=${MARIADB_RANDOM_ROOT_PASSWORD:-${MYSQL_RANDOM_ROOT_PASSWORD:-}}
  if [[ -z $MARIADB_ROOT_PASSWORD$empty$random ]]; then
    give_up $'Database is uninitialized and password option is not specified\n\tYou need to specify one of MARIADB_ROOT_PASSWORD, MARIADB_ROOT_PASSWORD_HASH, MARIADB_ALLOW_EMPTY_ROOT_PASSWORD and MARIADB_RANDOM_ROOT_PASSWORD'
  fi
  note 'Initializing database files'
  mariadb-install-db --datadir="$datadir" --auth-root-authentication-method=normal --skip-test-db > /tmp/install.log 2>&1 || {
    cat /tmp/install.log >&2
    exit 1
  }
  note 'Database files initialized'

  # Only from inside, until it is set up.
  note 'Starting temporary server'
  "$@" --skip-networking --socket="$socket" &
  server=$!
  note 'Waiting for server startup'
  for ((i = 0; i < 300; i++)); do
    if query -e 'SELECT 1' > /dev/null 2>&1; then break; fi
    sleep 0.1
  done
  ((i < 300)) || give_up 'Unable to start server.'
  note 'Temporary server started.'

  if [[ -n $random ]]; then
    MARIADB_ROOT_PASSWORD=$(od -An -tx1 -N 16 /dev/urandom | tr -d ' \n')
    note "GENERATED ROOT PASSWORD: $MARIADB_ROOT_PASSWORD"
  fi
  note 'Securing system users (equivalent to running mysql_secure_installation)'
  local check
  check=$(od -An -tx1 -N 16 /dev/urandom | tr -d ' \n')
  {
    for account in 127.0.0.1 ::1 localhost; do
      printf 'CREATE USER IF NOT EXISTS healthcheck@%s IDENTIFIED BY %s;\n' "$(literal "$account")" "$(literal "$check")"
    done
    if [[ $MARIADB_ROOT_HOST != localhost ]]; then
      account="root@$(literal "$MARIADB_ROOT_HOST")"
      printf 'CREATE USER %s IDENTIFIED BY %s;\n' "$account" "$(literal "$MARIADB_ROOT_PASSWORD")"
      printf 'GRANT ALL ON *.* TO %s WITH GRANT OPTION;\n' "$account"
    fi
    printf 'SET PASSWORD FOR root@localhost = PASSWORD(%s);\n' "$(literal "$MARIADB_ROOT_PASSWORD")"
  } | query --database=mysql
  (umask 077 && printf '%s\n' '[mariadb-client]' 'host=127.0.0.1' 'protocol=tcp' 'user=healthcheck' "password=$check" \
    > "$datadir/.my-healthcheck.cnf")
  password=$MARIADB_ROOT_PASSWORD
  if [[ -n $MARIADB_DATABASE ]]; then
    note "Creating database $MARIADB_DATABASE"
    query -e "CREATE DATABASE IF NOT EXISTS \`$MARIADB_DATABASE\`;"
  fi
  if [[ -n $MARIADB_USER && -n $MARIADB_PASSWORD ]]; then
    note "Creating user $MARIADB_USER"
    account="$(literal "$MARIADB_USER")@'%'"
    query -e "CREATE USER $account IDENTIFIED BY $(literal "$MARIADB_PASSWORD");"
    if [[ -n $MARIADB_DATABASE ]]; then
      note "Giving user $MARIADB_USER access to schema $MARIADB_DATABASE"
      query -e "GRANT ALL ON \`${MARIADB_DATABASE//_/\\_}\`.* TO $account;"
    fi
  fi
  for script in /docker-entrypoint-initdb.d/*; do
    case $script in
      *.sh)
        note "$0: running $script"
        if [[ -x $script ]]; then "$script"; else . "$script"; fi
        ;;
      *.sql)
        note "$0: running $script"
        query ${MARIADB_DATABASE:+"--database=$MARIADB_DATABASE"} < "$script"
        ;;
      *.sql.gz)
        note "$0: running $script"
        gunzip -c "$script" | query ${MARIADB_DATABASE:+"--database=$MARIADB_DATABASE"}
        ;;
      *) note "$0: ignoring $script" ;;
    esac
  done
  note 'Stopping temporary server'
  kill "$server"
  wait "$server"
  note 'Temporary server stopped'
  note 'MariaDB init process done. Ready for start up.'
}

if [[ ${1:-} == -* ]]; then set -- mariadbd "$@"; fi
if [[ (${1:-} == mariadbd || ${1:-} == mysqld) && " $* " != *" --help "* && " $* " != *" --version "* ]]; then
  note "Entrypoint script for MariaDB Server started."
  datadir=$(option datadir "$@")
  socket=$(option socket "$@")
  mkdir -p "$datadir"
  if ((EUID == 0)); then
    find "$datadir" /run/mysqld ! -user mysql -exec chown mysql:mysql {} +
    note "Switching to dedicated user 'mysql'"
    exec gosu mysql "${BASH_SOURCE[0]}" "$@"
  fi
  if [[ ! -d $datadir/mysql ]]; then create "$@"; fi
fi
exec "$@"
