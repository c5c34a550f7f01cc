#!/usr/bin/env bash
# smoke.sh ENGINE [RECIPE...]: every server image answers, and has what was written to its volume after the container was
# killed, removed and made anew. One line for each: milliseconds to the first answer, to the end of a `stop`, and its
# exit code.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
place "$1"
shift
(($#)) || set -- redis valkey postgres mariadb etcd rabbitmq mosquitto nats prometheus influxdb chroma app

now() { date +%s%N; }
inside() { timeout 20 "$DOCKER" -H "unix://$SOCKET" exec "$@"; }
clean() {
  docker_cli rm -f -v "$CONTAINER" > /dev/null 2>&1 || true
  docker_cli volume rm "$CONTAINER" > /dev/null 2>&1 || true
}

# try IMAGE PATH 'OPTIONS' 'COMMAND' READY WRITE READ EXPECTED
try() {
  local image=$1 path=$2 options=$3 command=$4 ready=$5 write=$6 read=$7 expected=$8 start answered found code
  clean
  run() {
    # Both may be several words.
    # shellcheck disable=SC2086
    docker_cli run -d --name "$CONTAINER" -v "$CONTAINER:$path" $options "$image" $command > /dev/null
    for ((i = 0; i < 300; i++)); do
      if inside "$CONTAINER" sh -c "$ready" > /dev/null 2>&1; then return; fi
      sleep 0.1
    done
    docker_cli logs "$CONTAINER" 2>&1 | tail -n 20 >&2
    give_up "$image does not answer"
  }
  start=$(now)
  run
  answered=$((($(now) - start) / 1000000))
  inside "$CONTAINER" sh -c "$write" > /dev/null
  docker_cli kill "$CONTAINER" > /dev/null
  docker_cli rm -f -v "$CONTAINER" > /dev/null
  run
  found=$(inside "$CONTAINER" sh -c "$read" 2> /dev/null | tr -d '\r' | tail -n 1) || true
  [[ $found == *"$expected"* ]] || give_up "$image: '$found' instead of '$expected'"
  start=$(now)
  docker_cli stop "$CONTAINER" > /dev/null
  code=$(docker_cli inspect -f '{{.State.ExitCode}}' "$CONTAINER")
  printf '%-32s %6d ms %6d ms  exit %d\n' "$image" "$answered" $((($(now) - start) / 1000000)) "$code"
  clean
}

# The -T of a static busybox ends its wget with a segmentation fault.
get='timeout 5 wget -qO-'
for recipe in "$@"; do
  CONTAINER=smoke-$recipe
  case $recipe in
    redis) try redis:7 /data '' '' 'redis-cli ping | grep PONG' 'redis-cli set k v; redis-cli save' 'redis-cli get k' v ;;
    valkey)
      try valkey/valkey:8 /data '' 'valkey-server --appendonly yes --appendfsync always' 'valkey-cli ping | grep PONG' \
        'valkey-cli set k v' 'valkey-cli get k' v
      ;;
    postgres)
      try postgres:15 /var/lib/postgresql/data '-e POSTGRES_PASSWORD=secret -e POSTGRES_DB=app' '' \
        'pg_isready -h 127.0.0.1 -U postgres' "psql -U postgres app -c \"create table t as select 'v' as v\"" \
        'psql -U postgres app -tAc "select v from t"' v
      ;;
    mariadb)
      try mariadb:10.11 /var/lib/mysql '-e MARIADB_ROOT_PASSWORD=secret -e MARIADB_DATABASE=app' '' \
        'healthcheck.sh --connect --innodb_initialized' \
        "mariadb -uroot -psecret app -e \"create table t as select 'v' as v\"" 'mysql -uroot -psecret app -BNe "select v from t"' v
      ;;
    etcd)
      try quay.io/coreos/etcd:v3.4.23 /var/lib/etcd '' '' 'etcdctl endpoint health' 'etcdctl put k v' 'etcdctl get k' v
      ;;
    rabbitmq)
      api='timeout 5 wget -qO- http://guest:guest@127.0.0.1:15672/api'
      try rabbitmq:3.10-management /var/lib/rabbitmq '--hostname smoke' '' "$api/overview" \
        'rabbitmqctl -q add_vhost smoke' "$api/vhosts" '"name":"smoke"'
      ;;
    mosquitto)
      try eclipse-mosquitto:2 /mosquitto/data '' '' 'mosquitto_pub -t smoke -m 1' 'true' \
        'mosquitto_pub -t k -r -m v && mosquitto_sub -t k -C 1 -W 2' v
      ;;
    nats)
      try nats:2 /jetstream '' '-js -sd /jetstream -m 8222' "$get http://127.0.0.1:8222/healthz" \
        "(printf 'CONNECT {}\r\nPUB \$JS.API.STREAM.CREATE.SMOKE answer 37\r\n{\"name\":\"SMOKE\",\"subjects\":[\"smoke\"]}\r\n'; sleep 1) | nc 127.0.0.1 4222" \
        "$get 'http://127.0.0.1:8222/jsz?streams=true' | tr -d ' \n'" '"name":"SMOKE"'
      ;;
    prometheus)
      try prom/prometheus:v2.42.0 /prometheus '' '' "$get http://127.0.0.1:9090/-/ready" 'sleep 2' \
        "$get 'http://127.0.0.1:9090/api/v1/query?query=count_over_time(up[1h])'" '"status":"success"'
      ;;
    influxdb)
      try influxdb:1.6 /var/lib/influxdb '-e INFLUXDB_DB=app' '' "influx -execute 'show databases' | grep app" \
        "influx -database app -execute 'insert t v=42'" "influx -database app -execute 'select v from t'" 42
      ;;
    chroma)
      collections='http://127.0.0.1:8000/api/v2/tenants/default_tenant/databases/default_database/collections'
      try chromadb/chroma:1.3.4 /data '' '' "$get http://127.0.0.1:8000/api/v2/heartbeat" \
        "$get --header 'Content-Type: application/json' --post-data '{\"name\":\"smoke\"}' $collections" \
        "$get $collections" '"name":"smoke"'
      ;;
    app)
      try persistence/app:1 /data '-e DATABASE_URL=/data/app.db' '' "$get http://127.0.0.1:3000/health" \
        "$get --post-data v 'http://127.0.0.1:3000/notes?count=300'" "$get http://127.0.0.1:3000/notes" '"count":300'
      ;;
    *) give_up "nobody knows how to ask $recipe" ;;
  esac
done
