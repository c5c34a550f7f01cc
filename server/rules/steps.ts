/** The steps that carry existing data over when a path moves to another volume. Nothing here deletes anything but empty folders. */
import type { Project } from '../project/model.ts';
import type { AnalysedService, AnalysedStore } from '../stores/model.ts';

const INSPECT = `docker inspect -f '{{range .Mounts}}{{.Name}} {{.Source}} {{.Destination}}{{"\\n"}}{{end}}'`;

const containerOf = (name: string): string => `$(docker compose ps -aq ${name})`;

const lookAt = (name: string): string => `See where the data is now: ${INSPECT} ${containerOf(name)}`;

const stop = (name: string): string => `Stop the service and keep its container: docker compose stop ${name}`;

const isHostPath = (volume: string): boolean => /^([./~]|[A-Za-z]:)/.test(volume);

/** As `docker run -v` takes it: the path on the host, or the volume's name on the engine. */
export const nameOf = (project: Project, volume: string): string =>
  isHostPath(volume) ? volume : (project.volumes.get(volume)?.name ?? `${project.name}_${volume}`);

/**
 * `volume` is the key or host path that will hold `target`; null where there is none to name. `reused` are the folders
 * in it that only served as mount points, deepest first; absent where the volume is a new one.
 */
export function carryOver(
  project: Project,
  analysed: AnalysedService,
  one: AnalysedStore,
  target: string,
  volume: string | null,
  reused?: readonly string[],
): string[] {
  const { name } = analysed.service;
  const from = one.store.isFile || one.store.path === null ? target : one.store.path;
  const named = volume === null ? '<new volume>' : nameOf(project, volume);
  const free = reused === undefined || volume === null ? [] : [seeThatEmpty(named, reused)];
  if (one.backing.type === 'anonymous-volume') {
    return [
      `${lookAt(name)}. The 64-digit name beside ${one.backing.target ?? from} is the old volume: note it before anything else`,
      stop(name),
      'Apply this change',
      ...free,
      `Copy the old volume into the new one: docker run --rm -v <64-digit name>:/from -v ${named}:/to alpine cp -a /from/. /to/`,
      `Start again: docker compose up -d ${name}`,
    ];
  }
  return [
    `${lookAt(name)}. What is in no mount is in the container itself and goes with it`,
    stop(name),
    `Copy the data out: docker cp -a ${containerOf(name)}:${from}/. ./${name}-data-copy`,
    'Apply this change',
    ...free,
    `Create the new container without starting it: docker compose up --no-start ${name}`,
    `Copy the data in: docker cp -a ./${name}-data-copy/. ${containerOf(name)}:${target}`,
    `Start it: docker compose start ${name}. Keep the copy until you have seen your data`,
  ];
}

/** The engine leaves an empty folder where a mount lay in another; a server that begins anew refuses to see one. */
function seeThatEmpty(volume: string, mountPoints: readonly string[]): string {
  const look = (at: string): string =>
    [...mountPoints.map((folder) => `rmdir ${at}/${folder}`), `ls -A ${at}`].join('; ');
  const command = isHostPath(volume) ? look(volume) : `docker run --rm -v ${volume}:/to alpine sh -c '${look('/to')}'`;
  const aside = mountPoints.length === 0 ? '' : ' once the mount point is gone';
  return `See that it is empty${aside}: ${command}. What is listed is an older copy of the data: do not copy over it, keep the two apart`;
}

/** A setting moves what lies at `from` to `to`, below a mount. */
export const moveBelow = (name: string, from: string, to: string): string[] => [
  `${lookAt(name)}. What is in no mount is in the container itself and goes with it`,
  stop(name),
  `Copy the data out: docker cp -a ${containerOf(name)}:${from} ./${name}-data-copy`,
  'Apply this change',
  `Create the new container without starting it: docker compose up --no-start ${name}`,
  `See that nothing is at ${to}: docker cp ${containerOf(name)}:${to} ./${name}-found has to fail. If it does not, keep what is there and choose another name`,
  `Copy the data in: docker cp -a ./${name}-data-copy ${containerOf(name)}:${to}`,
  `Start it: docker compose start ${name}. Keep the copy until you have seen your data`,
];
