import * as path from 'node:path';
import { type Files, UnreadableFile } from '../../files.ts';
import { addMapEntry } from '../../fixes/map.ts';
import type { Project, TopLevelVolume } from '../../project/model.ts';
import { directoryProjectName } from '../../project/name.ts';
import type { AnalysedProject } from '../../stores/model.ts';
import { isKept } from '../kept.ts';
import type { Fix, Rule } from '../rule.ts';
import { unprefixed } from '../scripts/unprefixed.ts';

/** Folders that many projects have. */
const GENERIC =
  /^(docker|docker-?compose|compose|deploy|deployment|infra|infrastructure|app|application|backend|server|api|prod|production|stack|services|ops|devops|database|db|build|config|project|repo|workspace|main|master)$/;

/** Data in a named volume whose name on the engine begins with that of the project. */
function dependent({ project, services }: AnalysedProject): TopLevelVolume[] {
  const keys = new Set(
    services.flatMap((analysed) =>
      analysed.stores
        .filter((one) => isKept(one) && one.backing.type === 'named-volume' && one.store.evidence[0].from !== 'mount')
        .map(({ backing }) => backing.source ?? ''),
    ),
  );
  return [...project.volumes.values()].filter(
    ({ key, external, node, name }) =>
      keys.has(key) && !external && !node?.entries.has('name') && name === `${project.name}_${key}`,
  );
}

/** Somebody has given the project a name, also one that is like the folder's. */
function isNamed(project: Project, files: Files): boolean {
  if (project.nameSpan || project.name !== directoryProjectName(project.directory)) return true;
  try {
    const file = path.posix.join(project.directory, '.env');
    return (
      files.kind(file) === 'file' && /^[ \t]*(export[ \t]+)?COMPOSE_PROJECT_NAME[ \t]*=/m.test(files.read(file).text)
    );
  } catch (error) {
    if (error instanceof UnreadableFile) return true;
    throw error;
  }
}

const rule: Rule = {
  name: 'project-name-dependent-volume',
  about: ['project', 'script'],
  severity: 'warning',
  summary: 'Volumes are named after a folder that many projects have, or a script leaves the name of the project out.',
  rationale:
    'Compose puts the name of the project in front of each volume, and without a name the project is called like its folder. With a folder called `docker` or `deploy`, the next project with such a folder and the same key finds the database of this one; and when the folder is renamed, or cloned under another name, the service starts with an empty volume. Folders with a name of their own are silent here. A script that mounts `pgdata` with `docker run` where Compose has made `shop_pgdata` gets a new, empty volume: its backup holds nothing, and what it restores nobody reads.',
  bad: '# in a folder called docker\nservices:\n  db:\n    image: postgres:16\n    volumes:\n      - pgdata:/var/lib/postgresql/data\n\nvolumes:\n  pgdata:\n',
  good: 'name: shop\nservices:\n  db:\n    image: postgres:16\n    volumes:\n      - pgdata:/var/lib/postgresql/data\n\nvolumes:\n  pgdata:\n',
  fixSafety: 'migration',
  fixNote:
    'The fix writes down the name that counts today, so that the volumes stay the same. Copies of the folder then share them. Another name makes new volumes, into which the data has to be copied.',
  since: '0.2.0',
  references: ['https://docs.docker.com/compose/how-tos/project-name/'],
  *check(context) {
    if (context.script) {
      yield* unprefixed(context);
      return;
    }
    const { analysed, files } = context;
    const { project } = analysed;
    // The names of Quadlet's volumes are made of the names of their units.
    if (project.runtime === 'quadlet') return;
    if (project.incomplete || !GENERIC.test(directoryProjectName(project.directory)) || isNamed(project, files)) return;
    const [volume, ...more] = dependent(analysed);
    if (!volume) return;
    const others = more.length > 0 ? ` (and ${more.length} more)` : '';
    yield {
      severity: 'info',
      message: `the volume ${volume.key}${others} is called ${volume.name} after the folder: another project in a folder called ${path.posix.basename(project.directory)} finds this data, and this one starts empty when the folder is renamed`,
      span: volume.span,
      related: [],
      fixes: () => nameIt(project),
    };
  },
};

function nameIt(project: Project): Fix[] {
  const source = project.files[0];
  const root = source && project.roots.get(source.path);
  const edits = root ? addMapEntry(root, 'name', project.name, source, 'start') : null;
  if (!edits) return [];
  const steps = [
    `Check that this is the name in use: docker compose ls, docker volume ls --filter name=${project.name}_`,
    'Apply this change: the same volumes are found wherever the folder lies. Two copies of it then share them, so start only one',
  ];
  return [{ title: `Write down the name ${project.name}`, safety: 'migration', edits, steps }];
}

export default rule;
