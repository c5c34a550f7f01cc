/**
 * What becomes of SIGTERM on its way from the engine to a program: what shells and init programs do with it. Process 1 of
 * a container has no default action for signals: a shell there that waits for a program ignores SIGTERM, and passes
 * nothing on.
 */

/** How a text ends in the program: alone, last of several, with a redirection, in a pipeline, in the background, or with something behind it. */
export type Form = 'alone' | 'last' | 'redirected' | 'piped' | 'background' | 'followed';

export interface ShellFact {
  readonly shell: 'dash' | 'bash' | 'ash';
  /** The release the fact was seen with. */
  readonly release: string;
  /** Forms of `-c` in which the shell makes way for the program (`exec`); in all others it stays in front of it. */
  readonly makesWay: readonly Form[];
}

/**
 * Seen in the process table while the program ran: `sh -c 'sleep 5'`, `'true; sleep 5'`, `'sleep 5 > /dev/null'`,
 * `'sleep 5 | cat'`, `'sleep 5 & wait'`, `'sleep 5; true'`. A script file stays in front of its last command in each.
 */
export const SHELLS: readonly ShellFact[] = [
  { shell: 'dash', release: '0.5.12 (Debian 12)', makesWay: [] },
  { shell: 'bash', release: '5.2', makesWay: ['alone', 'last'] },
  { shell: 'ash', release: 'BusyBox 1.35', makesWay: ['alone', 'last', 'redirected'] },
];

/** Forms in which every one of them stays. */
export const staysEverywhere = (form: Form): boolean => SHELLS.every(({ makesWay }) => !makesWay.includes(form));

export interface InitFact {
  readonly program: string;
  /**
   * `child`: to its one child, which may be a shell. `group`: to all below it. `supervises`: it stops what it started.
   * `becomes`: it is replaced by the program behind it.
   */
  readonly signals: 'child' | 'group' | 'supervises' | 'becomes';
  readonly citation: string;
}

/** Programs that stand in front of others. Behind all but `becomes` nothing is claimed. */
export const INITS: readonly InitFact[] = [
  { program: 'tini', signals: 'child', citation: 'https://github.com/krallin/tini' },
  { program: 'tini-static', signals: 'child', citation: 'https://github.com/krallin/tini' },
  { program: 'docker-init', signals: 'child', citation: 'https://github.com/krallin/tini' },
  { program: 'catatonit', signals: 'child', citation: 'https://github.com/openSUSE/catatonit' },
  { program: 'dumb-init', signals: 'group', citation: 'https://github.com/Yelp/dumb-init' },
  { program: 'my_init', signals: 'supervises', citation: 'https://github.com/phusion/baseimage-docker' },
  { program: 'init', signals: 'supervises', citation: 'https://github.com/just-containers/s6-overlay' },
  { program: 's6-svscan', signals: 'supervises', citation: 'https://skarnet.org/software/s6/s6-svscan.html' },
  { program: 'supervisord', signals: 'supervises', citation: 'https://supervisord.org/running.html' },
  { program: 'runsvdir', signals: 'supervises', citation: 'http://smarden.org/runit/' },
  {
    program: 'pm2-runtime',
    signals: 'supervises',
    citation: 'https://pm2.keymetrics.io/docs/usage/docker-pm2-nodejs/',
  },
  { program: 'gosu', signals: 'becomes', citation: 'https://github.com/tianon/gosu' },
  { program: 'su-exec', signals: 'becomes', citation: 'https://github.com/ncopa/su-exec' },
  { program: 'setpriv', signals: 'becomes', citation: 'https://man7.org/linux/man-pages/man1/setpriv.1.html' },
  { program: 'env', signals: 'becomes', citation: 'https://www.gnu.org/software/coreutils/env' },
  { program: 'nice', signals: 'becomes', citation: 'https://www.gnu.org/software/coreutils/nice' },
  { program: 'exec', signals: 'becomes', citation: 'https://pubs.opengroup.org/onlinepubs/9799919799/' },
];

/**
 * Image families (ids of the catalogue) that start what they are told without a shell or an init in front of it: they have no
 * entrypoint, or one that ends in `exec "$@"`.
 */
export const HANDS_ON: ReadonlySet<string> = new Set([
  'alpine',
  'bash',
  'buildpack-deps',
  'busybox',
  'debian',
  'eclipse-temurin',
  'fedora',
  'golang',
  'mariadb',
  'mongo',
  'mysql',
  'node',
  'openjdk',
  'perl',
  'php',
  'postgres',
  'python',
  'rabbitmq',
  'redis',
  'ruby',
  'rust',
  'tomcat',
  'ubuntu',
  'valkey',
]);
