import * as path from 'node:path';
import type { Files } from '../../files.ts';
import { joinInserts, replaceSpan } from '../../fixes/edits.ts';
import type { Mount, Project, Service } from '../../project/model.ts';
import { cleanTarget } from '../../project/mounts.ts';
import { databaseKind } from '../../stores/database-files.ts';
import type { AnalysedService, AnalysedStore } from '../../stores/model.ts';
import { textOf } from '../../syntax/source.ts';
import { asSure, isOpen } from '../kept.ts';
import { relatedOf } from '../losses.ts';
import type { Fix, Rule, RuleContext } from '../rule.ts';
import { runsOf } from '../runs.ts';
import { saveFromContainer } from '../steps-quadlet.ts';

/** Files that SQLite and H2 name like this. Folders are called `*.db` as well: the name alone is no proof. */
const DATABASE = /\.(db3?|sqlite3?|mv\.db)$/i;

/** Folders that are made for data: whatever else lies in others would be hidden. */
const DATA_FOLDER = /^(data|db|database_data|dbdata|storage|sqlite|var)$/i;

const storeAt = ({ stores }: AnalysedService, mount: Mount): AnalysedStore | undefined =>
  stores.find(({ store }) => store.isFile && store.path === mount.target && store.evidence[0].from !== 'mount');

/** The image makes a folder of that name: Metabase does for its H2 files. */
const isFolder = ({ stores, image }: AnalysedService, mount: Mount): boolean =>
  stores.some(({ store }) => store.role === 'server' && !store.isFile && store.path === mount.target) ||
  (image.match?.family.data.some((fact) => !fact.file && cleanTarget(fact.path) === mount.target) ?? false);

/** Bolt keeps no log and no journal beside its file. */
const standsAlone = ({ image }: AnalysedService, mount: Mount): boolean =>
  image.match?.family.data.some((fact) => cleanTarget(fact.path) === mount.target && /\bbolt\b/i.test(fact.holds)) ??
  false;

/** A database, as far as can be seen: the application says so, or it stands on the host. */
function isProven(analysed: AnalysedService, mount: Mount, files: Files): boolean {
  const one = storeAt(analysed, mount);
  if (one && one.store.confidence !== 'memory') return true;
  return mount.type === 'bind' && mount.source !== undefined && databaseKind(files, mount.source) !== null;
}

const rule: Rule = {
  name: 'file-mount-of-database',
  severity: 'error',
  summary: 'A mount ends on a database file instead of its folder.',
  rationale:
    'A database file does not stand alone: SQLite keeps a write-ahead log or a journal beside it, and those stay in the container when only the file is mounted. They go with the container, and with them what was just committed. A named volume is always a folder, so on the path of a file the database cannot be opened at all.',
  bad: 'services:\n  app:\n    image: example.org/app:1\n    environment:\n      DATABASE_URL: sqlite:////app/data/app.db\n    volumes:\n      - ./data/app.db:/app/data/app.db\n',
  good: 'services:\n  app:\n    image: example.org/app:1\n    environment:\n      DATABASE_URL: sqlite:////app/data/app.db\n    volumes:\n      - ./data:/app/data\n',
  fixSafety: 'migration',
  fixNote:
    'The folder takes the place of the file. It is offered where the folder is made for data, so that it hides no program.',
  since: '0.2.0',
  references: ['https://www.sqlite.org/wal.html', 'https://www.sqlite.org/tempfiles.html'],
  *check(context) {
    for (const analysed of context.analysed.services) {
      const { service } = analysed;
      for (const mount of service.mounts) {
        if (mount.readOnly || mount.from !== 'volumes' || !DATABASE.test(mount.target)) continue;
        if (isFolder(analysed, mount) || (mount.type === 'bind' && standsAlone(analysed, mount))) continue;
        if (isOpen(mount) || mount.source === undefined) continue;
        const one = storeAt(analysed, mount);
        const proven = isProven(analysed, mount, context.files);
        const folder = mount.type === 'bind' && context.files.kind(mount.source) === 'directory';
        if (folder || (mount.type !== 'bind' && mount.type !== 'volume')) continue;
        const h2 = /\.mv\.db$/i.test(mount.target);
        if (mount.type === 'bind' && h2) continue;
        const severity = proven ? (mount.type === 'bind' ? 'warning' : 'error') : 'info';
        yield {
          severity: one ? asSure(severity, one.store.confidence) : severity,
          message:
            mount.type === 'bind'
              ? `only the file ${mount.target} is mounted: ${madeAsFolder(mount, context.files)}the write-ahead log or journal beside it stays in the container and is deleted with it ${runsOf(context.analysed.project).everyday}`
              : `a named volume is a folder: with ${mount.source} mounted at ${mount.target} there is no file to open, and the database cannot be created`,
          span: mount.targetSpan,
          service: service.name,
          ...(one ? { store: one.store } : {}),
          related: one ? relatedOf(one) : [],
          fixes: () => wholeFolder(context, analysed, mount),
        };
      }
    }
  },
};

/** A source that is missing becomes a folder, and then there is no file to open. */
const madeAsFolder = (mount: Mount, files: Files): string =>
  mount.source !== undefined && mount.createHostPath !== false && files.kind(mount.source) === 'missing'
    ? `where ${mount.sourceText ?? mount.source} is missing, as it is here, the engine makes a folder of that name, which no database opens; where it is a file, `
    : '';

function wholeFolder({ analysed: { project } }: RuleContext, { service, image }: AnalysedService, mount: Mount): Fix[] {
  const target = path.posix.dirname(mount.target);
  if (!DATA_FOLDER.test(path.posix.basename(target)) || target === image.workdir) return [];
  if (service.mounts.some((other) => other.target === target) || textOf(mount.targetSpan) !== mount.target) return [];
  const { sourceSpan, sourceText } = mount;
  if (mount.type === 'volume') {
    return [
      {
        title: `Mount ${mount.source} at ${target}`,
        safety: 'migration',
        edits: [replaceSpan(mount.targetSpan, target)],
        steps: besideVolume(project, service, target),
      },
    ];
  }
  const folder = sourceText === undefined ? '.' : path.posix.dirname(sourceText);
  const name = path.posix.basename(mount.target);
  if (!sourceSpan || sourceText === undefined || textOf(sourceSpan) !== sourceText) return [];
  if (!/^(\.{1,2}|~|%h)?\//.test(folder) || path.posix.basename(sourceText) !== name) return [];
  if (mount.source === undefined || path.posix.dirname(mount.source) === project.directory) return [];
  return [
    {
      title: `Mount the folder ${folder} at ${target}`,
      safety: 'migration',
      edits: joinInserts([replaceSpan(sourceSpan, folder), replaceSpan(mount.targetSpan, target)]),
      steps: besideFile(project, service, target, sourceText),
    },
  ];
}

const stopAndKeep = ({ name }: Service): string =>
  `Stop the service and keep its container: docker compose stop ${name}`;

const copyOut = ({ name }: Service, target: string): string =>
  `docker cp -a $(docker compose ps -aq ${name}):${target}/. ./${name}-data-copy`;

function besideVolume(project: Project, service: Service, target: string): string[] {
  const runs = runsOf(project);
  const look = `See what is there now: ${runs.mounts(project, service, ['Name', 'Destination'])}`;
  const up = `Apply this change, then: ${runs.up(project, service)}`;
  if (project.runtime === 'quadlet') return [look, ...saveFromContainer(project, service, target), up];
  return [look, stopAndKeep(service), `Copy out what the application wrote beside it: ${copyOut(service, target)}`, up];
}

function besideFile(project: Project, service: Service, target: string, file: string): string[] {
  const name = path.posix.basename(file);
  const logs = `put ${name}-wal and ${name}-shm beside ${file}`;
  const up = `Apply this change, then: ${runsOf(project).up(project, service)}. Keep the copy until you have seen your data`;
  if (project.runtime === 'quadlet')
    return [
      ...saveFromContainer(project, service, target),
      `Where there are logs among that, ${logs}, before anything writes to it again`,
      up,
    ];
  return [
    stopAndKeep(service),
    `Copy the logs beside the database out of the container, where there are any: ${copyOut(service, target)}; ${logs}`,
    up,
  ];
}

export default rule;
