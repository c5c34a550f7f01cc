#!/usr/bin/env bash
. "$(dirname "$0")/../roots.sh"
version=15
home=usr/lib/postgresql/$version
# What only Debian's own handling of clusters needs, and the compiler for queries.
without libllvm14 postgresql-common postgresql-client-common ssl-cert locales perl debconf
packages bookworm postgresql-$version gosu bash libc-bin
rm -rf "$FULL/$home"/lib/{bitcode,llvmjit*}
keep usr/bin/bash usr/sbin/gosu "$home/bin" "$home/lib" usr/share/postgresql/$version usr/lib/locale/C.utf8 \
  usr/share/zoneinfo/UTC usr/share/zoneinfo/Etc
for program in "$MIN/$home"/bin/*; do ln -sf "../lib/postgresql/$version/bin/${program##*/}" "$MIN/usr/bin/"; done
program usr/local/bin/docker-entrypoint.sh
user postgres 999 /var/lib/postgresql
mkdir -p "$MIN"/run/postgresql "$MIN"/var/lib/postgresql/data "$MIN"/docker-entrypoint-initdb.d
chown -R 999:999 "$MIN"/run/postgresql "$MIN"/var/lib/postgresql
chmod 3777 "$MIN"/run/postgresql
chmod 1777 "$MIN"/var/lib/postgresql/data
# As the image has it: every address, not only the machine's own.
sed -i "s/^#*listen_addresses = .*/listen_addresses = '*'/" "$MIN/usr/share/postgresql/$version/postgresql.conf.sample"
image postgres:$version 'VOLUME /var/lib/postgresql/data' 'ENV PGDATA=/var/lib/postgresql/data' 'ENV LANG=C.UTF-8' \
  "ENV PG_MAJOR=$version" 'EXPOSE 5432' 'STOPSIGNAL SIGINT' 'ENTRYPOINT ["docker-entrypoint.sh"]' 'CMD ["postgres"]'
