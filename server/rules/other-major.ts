/** A mount on the place of an older major version, whose files this one does not open. */
import type { Files } from '../files.ts';
import { joinInserts, replaceSpan } from '../fixes/edits.ts';
import { declareVolume, newVolumeName, takesVolume, volumeSource } from '../fixes/volumes.ts';
import type { Mount, Project } from '../project/model.ts';
import { cleanTarget } from '../project/mounts.ts';
import type { AnalysedService, AnalysedStore } from '../stores/model.ts';
import { textOf } from '../syntax/source.ts';
import { targetFix } from './fixes.ts';
import { isOpen } from './kept.ts';
import { pinMajor } from './pin.ts';
import type { Fix, RuleContext } from './rule.ts';
import { runsOf } from './runs.ts';
import { nameOf, seeVolume } from './steps.ts';

/** The image kept its data there in another version, and the versions do not open each other's files. */
export const isOfOtherMajor = ({ image }: AnalysedService, mount: Mount): boolean =>
  image.match?.family.majors?.compatible === false &&
  image.match.family.data.some((fact) => cleanTarget(fact.path) === mount.target);

/** The old files are left where they are, whatever is done: what is in a volume for them is never mounted at `directory`. */
export function beside(
  context: RuleContext,
  analysed: AnalysedService,
  one: AnalysedStore,
  mount: Mount,
  directory: string,
): Fix[] {
  if (mount.type === 'volume') return newVolume(context, analysed, one, mount, directory);
  if (mount.type !== 'bind' || mount.source === undefined) return [];
  const now = whereNow(context.analysed.project, analysed, one);
  const pin = pinMajor(context, analysed, mount.source);
  if (pin.length > 0 || !isFree(mount.source, context.files))
    return pin.map((fix) => ({ ...fix, steps: [now, ...(fix.steps ?? [])] }));
  return targetFix(context, analysed, one, mount, directory).map((fix) => ({
    ...fix,
    steps: [
      now,
      `Look into ${mount.source} on the machine that runs this. If data of an older version is in it, change nothing: go back to the tag of that version, and dump with it first`,
      ...(fix.steps ?? []),
    ],
  }));
}

const isFree = (folder: string, files: Files): boolean =>
  files.kind(folder) === 'missing' || (files.kind(folder) === 'directory' && files.list(folder).length === 0);

/** Another volume for this version. */
function newVolume(
  { analysed: { project } }: RuleContext,
  analysed: AnalysedService,
  one: AnalysedStore,
  mount: Mount,
  directory: string,
): Fix[] {
  const { service } = analysed;
  const { sourceSpan, targetSpan, source: old } = mount;
  const { source } = mount.span;
  if (!sourceSpan || !takesVolume(service, mount) || old === undefined || mount.from !== 'volumes' || isOpen(mount))
    return [];
  if (textOf(sourceSpan) !== mount.sourceText || textOf(targetSpan) !== mount.targetText) return [];
  if (service.mounts.some((other) => other.target === directory)) return [];
  const volume = newVolumeName(project, service, directory);
  const declared = declareVolume(project, source, volume);
  if (!declared) return [];
  const engine = nameOf(project, old);
  return [
    {
      title: `Mount the new volume ${volume} at ${directory}`,
      safety: 'migration',
      edits: joinInserts([
        replaceSpan(sourceSpan, volumeSource(project, volume)),
        replaceSpan(targetSpan, directory),
        ...declared,
      ]),
      steps: [whereNow(project, analysed, one), ...dumped(project, analysed, mount, engine)],
    },
  ];
}

const isPostgres = ({ image }: AnalysedService): boolean =>
  image.match?.family.id === 'postgres' || image.match?.family.derivesFrom === 'postgres';

/** `pg_dumpall` where that is known; the file is named after the service. */
function tools(project: Project, analysed: AnalysedService, file: string): { dump: string; load: string } | null {
  if (!isPostgres(analysed)) return null;
  const { service } = analysed;
  const run = (command: string): string => runsOf(project).exec(project, service, command, true);
  return {
    dump: `${run(`sh -c 'pg_dumpall -U "\${POSTGRES_USER:-postgres}"'`)} > ${file}`,
    load: `${run(`sh -c 'psql -U "\${POSTGRES_USER:-postgres}" -d postgres'`)} < ${file}`,
  };
}

const presentDump = ({ service }: AnalysedService): string => `${service.name}-present-dump.sql`;

/** A container that has been started with this mount has written somewhere else: that comes before all else. */
function whereNow(project: Project, analysed: AnalysedService, { store, backing }: AnalysedStore): string {
  const runs = runsOf(project);
  const { service } = analysed;
  const at = backing.target ?? store.path!;
  const kept = tools(project, analysed, presentDump(analysed));
  const look = kept
    ? ` (${runs.command(project, 'run --rm -v <64-digit name>:/now:ro alpine find /now -maxdepth 3 -name PG_VERSION')})`
    : '';
  const saved = kept ? `: ${kept.dump}` : ' with the tools of this version';
  return `See where the data is now: ${runs.mounts(project, service)}. If there is no container yet, go on. A 64-digit name beside ${at} is a volume of its own that the present container writes to: note it. If it holds data${look}, that is yours: dump it before anything else, while the container runs${saved}, and keep that volume`;
}

function dumped(project: Project, analysed: AnalysedService, mount: Mount, engine: string): string[] {
  const runs = runsOf(project);
  const { service } = analysed;
  const { name } = service;
  const old = tools(project, analysed, `${name}-dump.sql`);
  const look = old ? `: ${runs.command(project, `run --rm -v ${engine}:/old:ro alpine cat /old/PG_VERSION`)}` : '';
  const load = old
    ? `Load the dump: ${old.load}. Where there are two, ${presentDump(analysed)} is the newer one, and only one of them is to be loaded`
    : 'Load the dump: with the tools of this version';
  return [
    `See whether there is an older volume: ${seeVolume(project, engine)}. If it is not listed, go on with the change: a command that mounts it would make it`,
    `See whether an older version has left data in ${engine}${look}. If not, go on with the change`,
    `If so, dump it with that version before anything else: set its tag, leave ${mount.target} mounted, ${runs.up(project, service)}, then ${old?.dump ?? 'with the tools of that version'}`,
    `Stop the service: ${runs.stop(project, service)}`,
    'Apply this change, with the tag of the new version',
    `Start it: ${runs.up(project, service)}`,
    load,
    `Never copy the old files into the new volume. Keep ${engine}, and the volume with the 64-digit name, until you have seen your data`,
  ];
}
