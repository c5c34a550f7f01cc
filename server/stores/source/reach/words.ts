/** Programs by name, as far as it matters which of the application's files they run. */

const set = (names: string): ReadonlySet<string> => new Set(names.split(' '));

/** They run no file of the application, or none that keeps running. */
export const HARMLESS = set(
  ': . [ [[ true false test echo printf cd pushd popd mkdir rmdir cp mv rm ln touch chmod chown chgrp cat tee head tail ' +
    'grep egrep sed awk cut tr sort uniq wc find ls stat du df tar gzip gunzip unzip curl wget nc netcat ping dig host nslookup ' +
    'sleep wait kill killall pkill trap exit return set unset export local readonly declare typeset shift read let umask ulimit ' +
    'break continue date hostname id whoami groups useradd adduser addgroup groupadd usermod groupmod passwd which type hash ' +
    'dirname basename realpath readlink mktemp seq shopt alias getopts command id ps top free uname locale-gen openssl ' +
    'apt apt-get apk pip pip3 tsc rsync envsubst jq yq git ssh-keygen update-ca-certificates dos2unix ldconfig sysctl mount ' +
    'nginx caddy apache2 httpd cron crond supercronic rsyslogd service redis-server redis-cli psql pg_isready createdb dropdb ' +
    'mysql mysqladmin mongosh mongo sqlite3 ollama Xvfb x11vnc fluxbox memcached tailscale tailscaled sshd ssh wait-on',
);

export const SHELLS = set('sh bash ash dash zsh ksh');

/** The words behind these are a command of their own, behind options that nobody has to know. */
export const PREFIXES = set(
  'opentelemetry-instrument ddtrace-run newrelic-admin xvfb-run watchmedo doppler infisical dotenvx chamber timeout ' +
    'dockerize with-contenv s6-setuidgid nodemon pm2 pm2-runtime hupper watchfiles memray scalene',
);

/** They wait for others, and then run what stands behind `--`, if anything does. */
export const WAITS = /^wait(?:[-_]for|4|ing|-until)/;

/** They are told a module: `app.main:app`. */
export const MODULE_SERVERS = set(
  'uvicorn gunicorn hypercorn daphne granian waitress-serve dramatiq arq taskiq huey_consumer huey_consumer.py faust hupper',
);

/** They run a file of Python that their words name. */
export const FILE_SERVERS = set('streamlit chainlit gradio fastapi');

/** They run a file of JavaScript or TypeScript that their words name. */
export const SCRIPT_RUNNERS = set(
  'tsx ts-node ts-node-dev ts-node-esm tsnd esno babel-node swc-node nodemon pm2 pm2-runtime deno bun',
);

/** Modules that come with Python or do their work and end. */
export const HARMLESS_MODULES = set(
  'pip venv compileall ensurepip http.server playwright spacy nltk.downloader site json.tool',
);
