/** Projects that show one thing each, too rare to be met by chance. */
import type { OracleProject } from './project.ts';

const compose = (services: string, rest = ''): OracleProject['files'] => ({
  'compose.yaml': `x-common: &common
  network_mode: none
  restart: RESTART
  environment: { MARK: "\${MARK}" }
services:
${services}${rest}`,
});

interface Corner {
  readonly title: string;
  readonly project: Omit<OracleProject, 'title' | 'compose' | 'external'>;
  /** What is said is marked as assumed where it is wrong. */
  readonly assumed?: boolean;
  /** Not said right yet: the test fails as soon as it is. */
  readonly open?: boolean;
}

export const CORNERS: readonly Corner[] = [
  {
    title: 'volumes_from brings the volumes of the other image',
    project: {
      images: { busybox: { paths: ['/data', '/srv/named', '/srv/target', '/srv/own'] } },
      files: compose(
        `  first:
    <<: *common
    image: redis:7
    command: [redis-server, --save, ""]
    volumes: [named:/srv/named, /srv/target]
  second:
    <<: *common
    image: busybox:1
    volumes_from: [first]
    volumes: [own:/srv/own]
`,
        'volumes: { named: , own: }\n',
      ),
    },
  },
  {
    title: 'volumes_from leaves out what is in memory',
    project: {
      images: { busybox: { paths: ['/srv/memory', '/srv/named'] } },
      files: compose(
        `  first:
    <<: *common
    image: busybox:1
    volumes: [named:/srv/named]
    tmpfs: [/srv/memory]
  second:
    <<: *common
    image: busybox:1
    volumes_from: [first]
`,
        'volumes: { named: }\n',
      ),
    },
  },
  {
    title: 'an image that nobody knows declares a volume',
    assumed: true,
    project: {
      images: { 'persistence/volume': { paths: ['/srv/declared', '/srv/plain', '/srv/named'] } },
      files: compose(
        `  app:
    <<: *common
    image: persistence/volume:1
    volumes: [named:/srv/named]
`,
        'volumes: { named: }\n',
      ),
    },
  },
];

export const corner = ({ title, project }: Corner, restart: string): OracleProject => ({
  title,
  compose: ['compose.yaml'],
  external: [],
  ...project,
  files: Object.fromEntries(
    Object.entries(project.files).map(([file, text]) => [file, text.replaceAll('RESTART', restart)]),
  ),
});
