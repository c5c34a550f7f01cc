// Compose files of any size, as people write them: known images, volumes, environment, anchors, merge keys, comments.
// The same arguments give the same text. About every seventh service loses data.

const HEAD = `# Everything one team runs on one machine.
name: shop

x-logging: &logging
  driver: json-file
  options:
    max-size: 10m
    max-file: "3"

x-env: &env
  TZ: \${TZ:-UTC}
  LOG_LEVEL: info
  REGION: eu-central-1

x-service: &service
  restart: unless-stopped
  logging: *logging
  networks: [backend]

services:
`;

const KINDS = [
  (n) => [
    `  postgres-${n}:`,
    '    <<: *service',
    '    image: postgres:16-alpine # pinned by the platform team',
    '    environment:',
    '      <<: *env',
    `      POSTGRES_DB: shop_${n}`,
    '      POSTGRES_USER: shop',
    `      POSTGRES_PASSWORD: \${DB_${n}_PASSWORD:?set it in .env}`,
    '      PGDATA: /var/lib/postgresql/data/pgdata',
    '    volumes:',
    `      - postgres-${n}:/var/lib/postgresql/data`,
    `      - ./postgres-${n}/init:/docker-entrypoint-initdb.d:ro`,
    '    healthcheck:',
    '      test: ["CMD-SHELL", "pg_isready -U shop"]',
    '      interval: 10s',
    '      retries: 5',
    '    stop_grace_period: 2m',
    '',
  ],
  (n) => [
    '  # Answers the orders; talks to the database above.',
    `  api-${n}:`,
    '    <<: *service',
    `    image: ghcr.io/example/shop-api:2.${n}.1`,
    '    depends_on:',
    `      postgres-${n - 1}:`,
    '        condition: service_healthy',
    '    environment:',
    `      DATABASE_URL: postgres://shop:\${DB_${n - 1}_PASSWORD:-secret}@postgres-${n - 1}:5432/shop_${n - 1}`,
    `      CACHE_URL: redis://redis-${n + 1}:6379/0`,
    `      WORKERS: "${(n % 8) + 1}"`,
    '    ports:',
    `      - "127.0.0.1:${8000 + (n % 1000)}:8000"`,
    '    deploy:',
    '      resources:',
    '        limits: { cpus: "0.50", memory: 512M }',
    '    labels:',
    '      traefik.enable: "true"',
    `      traefik.http.routers.api-${n}.rule: Host(\`api-${n}.example.com\`)`,
    '',
  ],
  (n) => [
    `  redis-${n}:`,
    '    <<: *service',
    '    image: redis:7.2',
    '    command: ["redis-server", "--appendonly", "yes", "--maxmemory", "256mb"]',
    '    environment: *env',
    '    volumes:',
    `      - redis-${n}:/data`,
    '',
  ],
  (n) => [
    `  mysql-${n}:`,
    '    <<: [*service]',
    '    image: mysql:8.4',
    '    environment:',
    '      - MYSQL_DATABASE=shop',
    `      - MYSQL_ROOT_PASSWORD=\${MYSQL_${n}_ROOT}`,
    '    volumes:',
    '      - type: volume',
    `        source: mysql-${n}`,
    '        target: /var/lib/mysql',
    `      - ./mysql-${n}/my.cnf:/etc/mysql/conf.d/my.cnf:ro`,
    '    stop_grace_period: 1m',
    '',
  ],
  (n) => [
    '  # Dashboards. Nothing here is mounted yet.',
    `  grafana-${n}:`,
    '    <<: *service',
    '    image: grafana/grafana:11.1.0',
    '    environment:',
    '      <<: *env',
    '      GF_SECURITY_ADMIN_USER: admin',
    `      GF_SERVER_ROOT_URL: https://grafana-${n}.example.com`,
    '    ports:',
    `      - ${3000 + (n % 1000)}:3000`,
    '',
  ],
  (n) => [
    `  proxy-${n}:`,
    '    <<: *service',
    '    image: nginx:1.27-alpine',
    '    ports:',
    `      - "${9000 + (n % 1000)}:80"`,
    '    volumes:',
    `      - ./nginx/proxy-${n}.conf:/etc/nginx/conf.d/default.conf:ro`,
    '      - static:/usr/share/nginx/html:ro',
    '    tmpfs:',
    '      - /var/cache/nginx',
    '',
  ],
  (n) => [
    `  minio-${n}:`,
    '    <<: *service',
    '    image: minio/minio:RELEASE.2024-06-13T22-53-53Z',
    "    command: server /data --console-address ':9001'",
    '    environment:',
    `      MINIO_ROOT_USER: \${MINIO_${n}_USER:-minio}`,
    '    volumes:',
    `      - minio-${n}:/data`,
    '',
  ],
];

const NAMED = ['postgres', null, 'redis', 'mysql', null, null, 'minio'];

/** The services numbered from `from`, until `full` says that there are enough, and the volumes they name. */
function parts(from, full) {
  const services = [];
  const volumes = ['volumes:', '  static:'];
  for (let n = from; !full(services.length + volumes.length + HEAD_LINES + TAIL_LINES, n - from); n++) {
    services.push(...KINDS[n % KINDS.length](n));
    const named = NAMED[n % KINDS.length];
    if (named) volumes.push(`  ${named}-${n}:`);
  }
  return { services, volumes };
}

const TAIL = '\nnetworks:\n  backend:\n';
const HEAD_LINES = HEAD.split('\n').length;
const TAIL_LINES = TAIL.split('\n').length;

const joined = ({ services, volumes }) => `${HEAD}${services.join('\n')}\n${volumes.join('\n')}\n${TAIL}`;

/** A file of `lines` lines, cut or filled up with comments to that number. */
export function ofLines(lines, from = 0) {
  let last = parts(from, (_, n) => n >= 1);
  for (let count = 2; ; count++) {
    const next = parts(from, (_, n) => n >= count);
    if (joined(next).split('\n').length - 1 > lines) break;
    last = next;
  }
  const text = joined(last);
  const missing = lines - (text.split('\n').length - 1);
  if (missing >= 0) return text + '# To be sorted out.\n'.repeat(missing);
  // Fewer lines than the smallest whole file has.
  return SMALL.split('\n').slice(0, lines).join('\n').concat('\n');
}

const SMALL = `# A shop.
x-env: &env
  TZ: UTC
services:
  db:
    image: postgres:16-alpine
    restart: unless-stopped
    environment:
      <<: *env
      POSTGRES_DB: shop
      POSTGRES_PASSWORD: \${DB_PASSWORD:-secret}
    volumes:
      - db:/var/lib/postgresql/data
    stop_grace_period: 2m
  cache:
    image: redis:7.2
    environment: *env
    volumes:
      - cache:/data
  grafana:
    image: grafana/grafana:11.1.0
    environment:
      <<: *env
      GF_SECURITY_ADMIN_USER: admin
volumes:
  db:
  cache:
# One more service is planned.
# It will be behind a proxy.
# Nothing else is needed.
`;

export const ofServices = (count) => joined(parts(0, (_, n) => n >= count));

/** `count` aliases of every tenth as many anchors, behind twenty services. */
export function ofAliases(count) {
  const anchors = Array.from({ length: Math.ceil(count / 10) }, (_, i) => `  - &a${i} { name: "a${i}" }`);
  const aliases = Array.from({ length: count }, (_, i) => `  - *a${i % anchors.length}`);
  return `${ofServices(20)}\nx-anchors:\n${anchors.join('\n')}\nx-aliases:\n${aliases.join('\n')}\n`;
}

/** Each of `count` mappings merges the one before it and sets one of its keys anew. */
export function ofMergeChain(count) {
  const links = ['x-0: &m0 { a: 1, b: 2, c: 3, d: 4 }'];
  for (let i = 1; i < count; i++) links.push(`x-${i}: &m${i}\n  <<: *m${i - 1}\n  ${'abcd'[i % 4]}: ${i}`);
  return `${links.join('\n')}\nservices:\n  db:\n    image: postgres:16\n    environment: *m${count - 1}\n`;
}

/** `count` services, each of which extends one and the same. */
export function ofExtends(count) {
  const services = Array.from(
    { length: count },
    (_, i) =>
      `  db-${i}:\n    extends: base\n    environment:\n      NUMBER: "${i}"\n    volumes:\n      - db-${i}:/var/lib/mysql`,
  );
  const volumes = Array.from({ length: count }, (_, i) => `  db-${i}:`);
  const base = '  base:\n    image: mysql:8.4\n    restart: always\n    stop_grace_period: 1m';
  return `services:\n${base}\n${services.join('\n')}\nvolumes:\n${volumes.join('\n')}\n`;
}

/** `count` services that lose data, each with a comment that says it may. */
export function ofSuppressions(count) {
  const services = Array.from(
    { length: count },
    (_, i) => `  # persistence-ignore -- a copy\n  db-${i}:\n    image: postgres:16\n    restart: always`,
  );
  return `services:\n${services.join('\n')}\n`;
}

/** A text with one value that changes with `n`, and where that value stands: line, first and last column. */
export function edited(text, n) {
  const lines = text.split('\n');
  const line = lines.findIndex((one, i) => i >= lines.length / 3 && /^ +POSTGRES_DB: /.test(one));
  const at = line < 0 ? lines.findIndex((one) => /^ +POSTGRES_DB: /.test(one)) : line;
  const start = lines[at].indexOf(': ') + 2;
  const value = `shop_${String(n).padStart(4, '0')}`;
  const before = lines[at].length;
  lines[at] = lines[at].slice(0, start) + value;
  const range = { start: { line: at, character: start }, end: { line: at, character: before } };
  return { text: lines.join('\n'), value, range };
}
