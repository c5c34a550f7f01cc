/** Well-formed Compose files of many shapes, each with something to be found in it. */
const DB = '    image: postgres:16\n';

export const FILES: Readonly<Record<string, string>> = {
  plain: `services:\n  db:\n${DB}    environment:\n      POSTGRES_PASSWORD: x\n  cache:\n    image: redis:7\n    volumes:\n      - cache:/data\n  web:\n    image: nginx:1\n    ports:\n      - "80:80"\n\nvolumes:\n  cache:\n`,
  named: `name: shop\n\nvolumes:\n  data:\n  other:\n    driver: local\n\nservices:\n  db:\n${DB}    volumes:\n      - data:/var/lib/postgresql/data\n      - other:/backup\n  queue:\n    image: rabbitmq:3\n`,
  compact:
    'services:\n  db:\n    image: mariadb:11\n    volumes:\n    - data:/var/lib/mysql\n    environment:\n    - MARIADB_ROOT_PASSWORD=x\n  mongo:\n    image: mongo:7\nvolumes:\n  data: {}\n',
  one: 'services:\n db:\n  image: mysql:8\n  command:\n   - --a=b\n   - --c\n web:\n  image: caddy:2\n',
  deep: 'services:\n    db:\n        image: influxdb:2\n        healthcheck:\n            test: ["CMD", "x"]\n            interval: 5s\n        deploy:\n            resources:\n                limits:\n                    memory: 1g\n    search:\n        image: elasticsearch:8.1.0\n',
  flow: 'services:\n  db: { image: "postgres:16", restart: always }\n  web:\n    image: nginx\n    ports: ["80:80",\n      "443:443"]\n  mongo: {image: mongo:7, volumes: ["m:/data/db"]}\nvolumes: {m: {}}\n',
  anchors: `x-base: &base\n  restart: always\n  logging:\n    driver: json-file\n\nservices:\n  db:\n    <<: *base\n${DB}  other:\n    <<: *base\n    image: mysql:8\n  web:\n    image: nginx\n`,
  extended: `services:\n  base:\n${DB}    volumes:\n      - data:/var/lib/postgresql/data\n  one:\n    extends:\n      service: base\n    hostname: one\n  two:\n    image: redis:7\n    volumes_from:\n      - base\n  three:\n    image: mongo:7\nvolumes:\n  data:\n`,
  blocks:
    'services:\n  app:\n    image: alpine\n    command: |\n      set -e\n      echo "a: b"\n        deeper: x\n    entrypoint: >-\n      sh\n      -c\n  db:\n    image: couchdb:3\nconfigs:\n  c:\n    content: |\n      key: value\n      - item\n',
  comments: `# the project\nservices:\n  # the database\n  db: # here\n${DB}    # persistence-ignore missing-volume -- on purpose\n    restart: always\n  # persistence: ephemeral\n  tmp:\n    image: mysql:8\n  # persistence-ignore missing-volume\n  queue:\n    image: rabbitmq:3\n  mongo:\n    image: mongo:7\n`,
  quoted: `"services":\n  'db':\n    "image": 'postgres:16'\n    "environment": {"A": 'it''s', B: "x\\ty"}\n  "web":\n    image: "nginx"\n  mongo:\n    "image": "mongo:7"\n`,
  undeclared: `services:\n  db:\n${DB}    volumes:\n      - data:/var/lib/postgresql/data\n  mongo:\n    image: mongo:7\n    volumes:\n      - more:/data/db\n  web:\n    image: nginx\n    depends_on:\n      - db\nvolumes:\n  other:\n`,
  long: 'services:\n  db:\n    image: mysql:8\n    volumes:\n      - type: volume\n        source: data\n        target: /var/lib/mysql\n      - type: tmpfs\n        target: /tmp\n  pg:\n    image: postgres:16\n    volumes:\n      - type: tmpfs\n        target: /var/lib/postgresql/data\n    depends_on:\n      db:\n        condition: service_healthy\nvolumes:\n  data:\n    external: true\n',
  document: `---\nversion: "3.8"\n\nservices:\n\n  db:\n\n${DB}\n\n  mysql:\n    image: mysql:8\n    volumes:\n\n      - /var/lib/mysql\n\nnetworks:\n  default:\n    name: n\n`,
  windows:
    'services:\r\n  db:\r\n    image: postgres:16\r\n    environment:\r\n      - POSTGRES_PASSWORD=😀\r\n  mongo:\r\n    image: mongo:7\r\n    volumes:\r\n      - m:/data/db\r\nvolumes:\r\n  m:\r\n',
};
