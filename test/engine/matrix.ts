/** Every backing once, in one project. */
import type { OracleProject } from './project.ts';

/** What is meant to be where; that it is there, the pipeline has to find out by itself. */
export const KINDS = {
  '/var/lib/layer': 'writable layer',
  '/srv/baked': 'file in the image',
  '/srv/declared': 'VOLUME of the Dockerfile',
  '/srv/target': 'anonymous volume, target only',
  '/srv/named': 'named volume',
  '/srv/external': 'external volume',
  '/srv/bind': 'bind mount',
  '/srv/bound': 'named volume, o: bind',
  '/srv/tmpfs-short': 'tmpfs, short syntax',
  '/srv/tmpfs-long': 'tmpfs, long syntax',
  '/srv/tmpfs-volume': 'named volume, type: tmpfs',
  '/dev/shm': '/dev/shm',
  '/srv/readonly': 'named volume, read-only',
  '/srv/readonly-bind': 'bind mount, read-only',
  '/srv/parent/data': 'VOLUME below a named volume',
  '/srv/inner/sub': 'named volume below a bind mount',
  '/data': 'VOLUME of the catalogued image that it is built on',
} as const;

export const matrix = (restart: string, folder: string): OracleProject => ({
  title: 'the matrix',
  compose: ['compose.yaml'],
  external: ['NAME-outside'],
  images: { busybox: { paths: Object.keys(KINDS).filter((at) => at !== '/data') } },
  files: {
    'host/inner/sub/': '',
    'host/readonly/': '',
    'host/bound/': '',
    'image/files-1/rev': '1',
    'image/files-2/rev': '2',
    'image/Dockerfile': [
      'FROM busybox:1',
      'ARG REV=1',
      'COPY files-${REV} /srv/baked/',
      'COPY files-${REV} /srv/declared/',
      'VOLUME ["/srv/declared", "/srv/parent/data"]',
      '',
    ].join('\n'),
    'server/files-1/rev': '1',
    'server/files-2/rev': '2',
    'server/Dockerfile': 'FROM redis:7\nARG REV=1\nCOPY files-${REV} /etc/revision/\n',
    'compose.yaml': `services:
  app:
    build:
      context: image
      args: { REV: "\${REV}" }
    network_mode: none
    restart: ${restart}
    environment: { MARK: "\${MARK}" }
    volumes:
      - /srv/target
      - named:/srv/named
      - outside:/srv/external
      - ./host/bind:/srv/bind
      - bound:/srv/bound
      - type: tmpfs
        target: /srv/tmpfs-long
      - memory:/srv/tmpfs-volume
      - readonly:/srv/readonly:ro
      - ./host/readonly:/srv/readonly-bind:ro
      - parent:/srv/parent
      - ./host/inner:/srv/inner
      - inner:/srv/inner/sub
    tmpfs:
      - /srv/tmpfs-short
  server:
    build:
      context: server
      args: { REV: "\${REV}" }
    network_mode: none
    restart: ${restart}
    environment: { MARK: "\${MARK}" }
volumes:
  named:
  readonly:
  parent:
  inner:
  outside: { external: true, name: NAME-outside }
  bound:
    driver_opts: { type: none, o: bind, device: "${folder}/host/bound" }
  memory:
    driver_opts: { type: tmpfs, device: tmpfs }
`,
  },
});
