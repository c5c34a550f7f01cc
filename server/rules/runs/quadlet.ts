/** systemd and Podman, in words. */
import type { Project, Service } from '../../project/model.ts';
import type { Runs } from '../runs.ts';
import { mountsFormat } from './format.ts';

/** Units of the whole machine; those of users lie in `users` below them as well. */
const OF_THE_MACHINE = /^\/(etc|run|usr\/share|usr\/local\/share)\/containers\/systemd(?!\/users)(\/|$)/;

export const isOfMachine = ({ directory }: Project): boolean => OF_THE_MACHINE.test(directory);

/** In a checkout nobody can tell whose units they will be: most are of one user. */
export const systemctl = (project: Project, words: string): string =>
  isOfMachine(project) ? `sudo systemctl ${words}` : `systemctl --user ${words}`;

export const podman = (project: Project, words: string): string =>
  isOfMachine(project) ? `sudo podman ${words}` : `podman ${words}`;

/** What to type for units of the machine; null where that is already so. */
export const forMachine = (project: Project): string | null =>
  isOfMachine(project)
    ? null
    : 'These commands are for units of one user: for units below /etc/containers it is sudo systemctl and sudo podman';

/** `db`; of a template `db@<instance>`. */
export function unitName(service: Service): string {
  const name = service.unit?.serviceName ?? service.name;
  return name.endsWith('@') ? `${name}<instance>` : name;
}

export function containerName(service: Service): string {
  if (service.containerName && service.containerName.unresolved.length === 0) return service.containerName.value;
  const file = service.unit?.file.replace(/\.\w+$/, '') ?? service.name;
  return `systemd-${file.endsWith('@') ? `${file.slice(0, -1)}_<instance>` : file.replace('@', '_')}`;
}

/** The service that makes the volume of `<volume>.volume`. */
export const volumeService = (volume: string): string => `${volume}-volume.service`;

export const reloadAndStart = (project: Project, unit: string): string =>
  `${systemctl(project, 'daemon-reload')} && ${systemctl(project, `start ${unit}`)}`;

const restart = (project: Project, service: Service): string =>
  `${systemctl(project, 'daemon-reload')} && ${systemctl(project, `restart ${unitName(service)}.service`)}`;

export const QUADLET: Runs = {
  engine: 'podman',
  reader: 'Quadlet',
  one: 'unit',
  whenGone: 'every time the unit stops (restart, update, reboot): Quadlet removes the container',
  whenNew: 'at every start of the unit (restart, update, reboot), because Quadlet makes a new container',
  everyday: '(restart, update, reboot)',
  anonymous:
    'goes to an anonymous volume, which Quadlet removes with the container every time the unit stops (restart, update, reboot)',
  settings: { hostname: '`HostName=`', stop: 'StopTimeout=' },
  up: restart,
  stop: (project, service) => systemctl(project, `stop ${unitName(service)}.service`),
  exec: (project, service, command, piped) =>
    podman(project, `exec ${piped ? '-i ' : ''}${containerName(service)} ${command}`),
  mounts: (project, service, parts = ['Name', 'Source', 'Destination']) =>
    podman(project, `inspect -f ${mountsFormat(parts)} ${containerName(service)}`),
  command: podman,
  copyOut: (project, service, at) => podman(project, `cp ${containerName(service)}:${at} .`),
  rebuild: (project, service) => `Build the image anew and make a new container: ${restart(project, service)}`,
  newVolume: (_, volume) => `systemd-${volume}`,
};
