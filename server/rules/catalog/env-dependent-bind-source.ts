import * as path from 'node:path';
import { type Files, UnreadableFile } from '../../files.ts';
import { replaceSpan } from '../../fixes/edits.ts';
import type { Mount, Project, Unresolved } from '../../project/model.ts';
import type { AnalysedService } from '../../stores/model.ts';
import { isWithin } from '../../survival/backing.ts';
import { textOf } from '../../syntax/source.ts';
import type { Fix, Rule } from '../rule.ts';
import { runFrom } from '../run-from.ts';

/** `.env.example`, `shop.env`, `env-template`: people copy them to `.env` before the first start. */
const TEMPLATE = /(^|[._-])env([._-]|$)/i;

/** What templates set is going to be set. */
function promised(project: Project, files: Files): string {
  return files
    .list(project.directory)
    .filter(({ name, kind }) => kind === 'file' && TEMPLATE.test(name))
    .map(({ name }) => {
      try {
        return files.read(path.posix.join(project.directory, name)).text;
      } catch (error) {
        if (error instanceof UnreadableFile) return '';
        throw error;
      }
    })
    .join('\n');
}

/** Written without a word on what should happen when it is not set. */
const isBare = (hole: Unresolved): boolean => /^\$(\w+|\{\w+\})$/.test(textOf(hole.span));

function holeOf(mount: Mount): Unresolved | undefined {
  if (mount.type !== 'bind' || mount.from !== 'volumes') return undefined;
  const inTarget = (hole: Unresolved): boolean =>
    hole.span.start >= mount.targetSpan.start && hole.span.end <= mount.targetSpan.end;
  return mount.unresolved.find((hole) => isBare(hole) && !hole.hidden && !inTarget(hole));
}

const holdsData = (mount: Mount, { stores }: AnalysedService): boolean =>
  stores.some(
    ({ store }) =>
      store.evidence[0].from !== 'mount' &&
      store.kind === 'essential' &&
      store.path !== null &&
      isWithin(store.path, mount.target),
  );

const rule: Rule = {
  name: 'env-dependent-bind-source',
  severity: 'warning',
  summary: 'A host path is made of a variable that is not set here.',
  rationale:
    'Compose puts nothing in the place of an unset variable and goes on with a warning: `${DATA_DIR}/db` becomes `/db`. The service then starts on another, empty directory, and its data seems to be gone. `${DATA_DIR:?...}` makes Compose stop instead.',
  bad: 'services:\n  db:\n    image: mariadb:11\n    volumes:\n      - ${DATA_DIR}/db:/var/lib/mysql\n',
  good: 'services:\n  db:\n    image: mariadb:11\n    volumes:\n      - ${DATA_DIR:?set DATA_DIR to a directory}/db:/var/lib/mysql\n',
  fixSafety: 'migration',
  fixNote:
    'Where the variable is set nothing changes. Where it is not, Compose refuses to start from then on, so it has to be set to the directory that is in use.',
  since: '0.1.0',
  *check({ analysed: { project, services }, files }) {
    let templates: string | undefined;
    const told = new Set<string>();
    for (const analysed of services) {
      for (const mount of analysed.service.mounts) {
        const hole = holeOf(mount);
        if (!hole) continue;
        templates ??= promised(project, files);
        if (new RegExp(`^[ \\t#]*(export[ \\t]+)?${hole.variable}[ \\t]*=`, 'm').test(templates)) continue;
        const written = mount.sourceText;
        if (project.runtime === 'quadlet') {
          // Units of one folder are given their environment together.
          if (told.has(hole.variable)) continue;
          told.add(hole.variable);
          yield {
            severity: 'info',
            message: `${hole.variable} is not set in [Service]: unless the environment of systemd has it, nothing stands in its place, and data in the directory that was meant is not seen`,
            span: hole.span,
            service: analysed.service.name,
            related: [],
            fixes: () => [],
          };
          continue;
        }
        yield {
          severity: holdsData(mount, analysed) ? 'warning' : 'info',
          message: `${hole.variable} is not set: ${written === undefined ? 'the source of this mount is empty, and Compose refuses to start' : `this mounts ${shownSource(mount, project, files)}, and data in the directory that was meant is not seen`}`,
          span: hole.span,
          service: analysed.service.name,
          related: [],
          fixes: () => requiredFix(hole),
        };
      }
    }
  },
};

/** The folder that Compose makes it relative to, where that is known. */
const shownSource = (mount: Mount, project: Project, files: Files): string | undefined =>
  runFrom(project, files) === undefined ? mount.source : mount.sourceText;

function requiredFix(hole: Unresolved): Fix[] {
  const text = `\${${hole.variable}:?set ${hole.variable} to a directory}`;
  const steps = [
    `See which directory is in use now: docker inspect -f '{{range .Mounts}}{{.Source}} {{.Destination}}{{"\\n"}}{{end}}' $(docker compose ps -aq)`,
    `Set ${hole.variable} in .env so that the path stays the same`,
    'Apply this change: whoever has not set it is told so, and nothing starts on an empty directory',
  ];
  return [
    {
      title: `Let Compose stop when ${hole.variable} is not set`,
      safety: 'migration',
      edits: [replaceSpan(hole.span, text)],
      steps,
    },
  ];
}

export default rule;
