#!/usr/bin/env bash
. "$(dirname "$0")/../roots.sh"
without perl libconfig-inifiles-perl mariadb-common debianutils
packages bookworm mariadb-server-core mariadb-client-core mariadb-client gosu bash
rm -rf "$FULL"/usr/share/mysql/{mysql-test,systemd,policy}
keep usr/bin/bash usr/sbin/gosu usr/sbin/mariadbd usr/sbin/mysqld usr/share/mysql \
  usr/bin/{mariadb,mariadb-admin,mariadb-check,mariadb-dump,mariadb-install-db,my_print_defaults,resolveip} \
  usr/bin/{mysql,mysqladmin,mysqlcheck,mysqldump,mysql_install_db,mysql_upgrade,mariadb-upgrade}
program usr/local/bin/docker-entrypoint.sh usr/local/bin/healthcheck.sh
user mysql 999 /var/lib/mysql
mkdir -p "$MIN"/etc/mysql/{conf.d,mariadb.conf.d} "$MIN"/run/mysqld "$MIN"/var/lib/mysql "$MIN"/docker-entrypoint-initdb.d
chown 999:999 "$MIN"/run/mysqld "$MIN"/var/lib/mysql
chmod 1777 "$MIN"/run/mysqld
printf '%s\n' '[client-server]' 'socket = /run/mysqld/mysqld.sock' '[mariadbd]' 'pid-file = /run/mysqld/mysqld.pid' \
  'host-cache-size = 0' 'skip-name-resolve' '!includedir /etc/mysql/conf.d/' '!includedir /etc/mysql/mariadb.conf.d/' \
  > "$MIN/etc/mysql/my.cnf"
image mariadb:10.11 'VOLUME /var/lib/mysql' 'EXPOSE 3306' 'ENV LANG=C.UTF-8' 'ENTRYPOINT ["docker-entrypoint.sh"]' \
  'CMD ["mariadbd"]'
