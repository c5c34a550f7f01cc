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
import { nameOf } from './steps.ts';

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
  if (mount.type === 'volume') return newVolume(context, analysed, mount, directory);
  if (mount.type !== 'bind' || mount.source === undefined) return [];
  const pin = pinMajor(context, analysed, mount.source);
  if (pin.length > 0 || !isFree(mount.source, context.files)) return pin;
  return targetFix(context, analysed, one, mount, directory).map((fix) => ({
    ...fix,
    steps: [
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
      steps: dumped(project, analysed, mount, engine),
    },
  ];
}

function dumped(project: Project, { service, image }: AnalysedService, mount: Mount, engine: string): string[] {
  const runs = runsOf(project);
  const { name } = service;
  const { family } = image.match!;
  const postgres = family.id === 'postgres' || family.derivesFrom === 'postgres';
  const look = postgres ? `: ${runs.command(project, `run --rm -v ${engine}:/old:ro alpine cat /old/PG_VERSION`)}` : '';
  const dump = postgres
    ? `${runs.exec(project, service, `sh -c 'pg_dumpall -U "\${POSTGRES_USER:-postgres}"'`, true)} > ${name}-dump.sql`
    : 'with the tools of that version';
  const load = postgres
    ? `${runs.exec(project, service, `sh -c 'psql -U "\${POSTGRES_USER:-postgres}" -d postgres'`, true)} < ${name}-dump.sql`
    : 'with the tools of this version';
  return [
    `See whether an older version has left data in ${engine}${look}. If not, go on with the change`,
    `If so, dump it with that version before anything else: set its tag, leave ${mount.target} mounted, ${runs.up(project, service)}, then ${dump}`,
    `Stop the service: ${runs.stop(project, service)}`,
    'Apply this change, with the tag of the new version',
    `Start it: ${runs.up(project, service)}`,
    `Load the dump: ${load}`,
    `Never copy the old files into the new volume. Keep ${engine} until you have seen your data`,
  ];
}
