/** The steps that carry existing data over when a path moves to another volume. Nothing here deletes anything. */
import type { Project } from '../project/model.ts';
import type { AnalysedService, AnalysedStore } from '../stores/model.ts';

const INSPECT = `docker inspect -f '{{range .Mounts}}{{.Name}} {{.Source}} {{.Destination}}{{"\\n"}}{{end}}'`;

/** `volume` is the key or host path that will hold `target`; null where there is none to name. */
export function carryOver(
  project: Project,
  analysed: AnalysedService,
  one: AnalysedStore,
  target: string,
  volume: string | null,
): string[] {
  const { name } = analysed.service;
  const from = one.store.isFile || one.store.path === null ? target : one.store.path;
  const container = `$(docker compose ps -aq ${name})`;
  const look = `See where the data is now: ${INSPECT} ${container}`;
  if (one.backing.type === 'anonymous-volume') {
    const named =
      volume === null
        ? '<new volume>'
        : /^[./~]/.test(volume)
          ? volume
          : (project.volumes.get(volume)?.name ?? `${project.name}_${volume}`);
    return [
      `${look}. The 64-digit name beside ${one.backing.target ?? from} is the old volume: note it before anything else`,
      `Stop the service and keep its container: docker compose stop ${name}`,
      'Apply this change',
      `Copy the old volume into the new one: docker run --rm -v <64-digit name>:/from -v ${named}:/to alpine cp -a /from/. /to/`,
      `Start again: docker compose up -d ${name}`,
    ];
  }
  return [
    `${look}. What is in no mount is in the container itself and goes with it`,
    `Stop the service and keep its container: docker compose stop ${name}`,
    `Copy the data out: docker cp -a ${container}:${from}/. ./${name}-data-copy`,
    'Apply this change',
    `Create the new container without starting it: docker compose up --no-start ${name}`,
    `Copy the data in: docker cp -a ./${name}-data-copy/. ${container}:${target}`,
    `Start it: docker compose start ${name}. Keep the copy until you have seen your data`,
  ];
}
