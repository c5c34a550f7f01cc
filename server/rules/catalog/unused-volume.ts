import * as path from 'node:path';
import { type Files, UnreadableFile } from '../../files.ts';
import { removeMapEntry } from '../../fixes/map.ts';
import type { Project, TopLevelVolume } from '../../project/model.ts';
import type { Fix, Rule } from '../rule.ts';

/** Volumes that a service mounts, also one that no profile starts, and also by a mount that another replaces. */
function mounted({ services, inactive }: Project): Set<string> {
  const used = new Set<string>();
  for (const { mounts, replacedMounts } of [...services, ...inactive]) {
    for (const { type, source } of [...mounts, ...replacedMounts.map(({ mount }) => mount)])
      if (type === 'volume' && source !== undefined) used.add(source);
  }
  return used;
}

/** Other Compose files of the folder that speak of it: it may be meant for a set of files that is started in another way. */
function isNamedBeside(key: string, project: Project, files: Files): boolean {
  const own = new Set(project.files.map((file) => file.path));
  const name = new RegExp(`(^|[\\s"'{,-])${key.replace(/[.*+?^$()|[\]\\{}]/g, '\\$&')}(:|["'\\s]|$)`, 'm');
  return files
    .list(project.directory)
    .filter((entry) => entry.kind === 'file' && /\.ya?ml$/.test(entry.name))
    .map((entry) => path.posix.join(project.directory, entry.name))
    .filter((file) => !own.has(file))
    .some((file) => {
      try {
        return name.test(files.read(file).text);
      } catch (error) {
        if (error instanceof UnreadableFile) return true;
        throw error;
      }
    });
}

/** A pod without containers here, a Kubernetes file, a unit that starts the volume's own. */
const isNamedInUnits = ({ key, name, span }: TopLevelVolume, { files }: Project): boolean =>
  files.some(
    ({ path: file, text }) =>
      file !== span.source.path && [`${key}.volume`, `${key}-volume`, name].some((word) => text.includes(word)),
  );

const unitName = ({ key }: TopLevelVolume): string => key.replace(/\.volume$/, '');

const rule: Rule = {
  name: 'unused-volume',
  severity: 'hint',
  summary: 'A top-level volume that no service mounts.',
  rationale:
    'Compose does not create a volume that nothing mounts. Often its name was changed at the service only, and the data that people look for is in another volume.',
  bad: 'services:\n  db:\n    image: mariadb:11\n    volumes:\n      - db_data:/var/lib/mysql\n\nvolumes:\n  db_data:\n  old_data:\n',
  good: 'services:\n  db:\n    image: mariadb:11\n    volumes:\n      - db_data:/var/lib/mysql\n\nvolumes:\n  db_data:\n',
  fixSafety: 'migration',
  fixNote: 'The entry goes, and a volume of that name stays on the engine with what it holds.',
  since: '0.2.0',
  *check({ analysed: { project }, files }) {
    if (project.incomplete) return;
    const services = [...project.services, ...project.inactive];
    if (services.length === 0 || services.some(({ broken, mountGaps }) => broken || mountGaps.length > 0)) return;
    if (services.some(({ mounts }) => mounts.some(({ unresolved }) => unresolved.length > 0))) return;
    if (project.problems.some(({ reference }) => reference)) return;
    const used = mounted(project);
    for (const volume of project.volumes.values()) {
      // What is described in full is kept for later, or for going back.
      if (volume.driverOpts.size > 0) continue;
      if (volume.external || used.has(volume.key)) continue;
      // A volume of the unit's bare name is mounted: `quadlet-volume-unit-not-referenced` says that it is another one.
      if (project.runtime === 'quadlet' && used.has(unitName(volume))) continue;
      if (project.runtime === 'quadlet' ? isNamedInUnits(volume, project) : isNamedBeside(volume.key, project, files))
        continue;
      yield {
        severity: 'hint',
        message:
          project.runtime === 'quadlet'
            ? `no unit of this folder mounts the volume ${unitName(volume)}.volume`
            : `no service mounts the volume ${volume.key}: \`up\` does not create it`,
        span: volume.span,
        related: [],
        fixes: () => withoutVolume(project, volume),
      };
    }
  },
};

function withoutVolume(project: Project, volume: TopLevelVolume): Fix[] {
  const root = project.roots.get(volume.span.source.path);
  const volumes = root?.entries.get('volumes')?.value;
  if (!root || volumes?.kind !== 'map') return [];
  const edits = removeMapEntry(volumes, volume.key, { owner: root, key: 'volumes' });
  if (!edits) return [];
  const steps = [
    `See whether a volume of that name exists: docker volume inspect ${volume.name}. It stays where it is, and \`down --volumes\` no longer takes it along`,
    'Apply this change',
  ];
  return [{ title: `Remove ${volume.key} from the volumes`, safety: 'migration', edits, steps }];
}

export default rule;
