/** Databases that a build copies into the image. */
import * as path from 'node:path';
import type { Files } from '../files.ts';
import { databaseByName, databaseKind, isReferenceData, mayBeDatabases } from '../stores/database-files.ts';
import type { AnalysedService } from '../stores/model.ts';
import { coveringMount, isWithin } from '../survival/backing.ts';
import type { Evidence } from '../survival/words.ts';
import { type BuildContext, copiedFiles, copiedOf } from '../syntax/build-context.ts';
import type { CopyStep, StageResult, Value } from '../syntax/dockerfile.ts';
import type { Span } from '../syntax/source.ts';

export interface Baked {
  readonly service: string;
  readonly span: Span;
  readonly message: string;
  /** Seen in the context, or named so that it can be nothing else. */
  readonly certain: boolean;
  /** Where it lands in the image. */
  readonly destination: string;
  /** A mount hides it at run time. */
  readonly covered: boolean;
  readonly ignorePath: string;
  /** Lines for the ignore file; none where they would not help. */
  readonly patterns: readonly string[];
  readonly related: readonly Evidence[];
}

interface Found {
  readonly file: string;
  readonly destination: string;
  readonly what: string;
}

/** COPY and ADD steps of the final stage that bring a database, `--from` another stage included. */
export function* copiedDatabases(analysed: AnalysedService, files: Files): Iterable<Baked> {
  const { stage } = analysed.image;
  const { context } = analysed.placed;
  if (!stage || !context) return;
  for (const step of stage.steps) {
    if (step.kind !== 'copy') continue;
    const found = databasesIn(context, stage, step.copy, files, new Set());
    const first = found[0];
    if (first) yield bakedOf(analysed, context, step.copy, first, found);
    else yield* namedOnly(analysed, context, step.copy);
  }
}

function databasesIn(
  context: BuildContext,
  stage: StageResult,
  copy: CopyStep,
  files: Files,
  open: Set<number>,
): Found[] {
  if (!copy.from) {
    return mayBeDatabases(copiedFiles(context, copy), context.directory).flatMap(({ file, destination }): Found[] => {
      const what = databaseKind(files, path.posix.join(context.directory, file));
      return what === null ? [] : [{ file, destination, what }];
    });
  }
  if (!('stage' in copy.from) || open.has(copy.from.stage)) return [];
  open.add(copy.from.stage);
  const other = stage.other(copy.from.stage);
  const inOther =
    other?.steps.flatMap((step) => (step.kind === 'copy' ? databasesIn(context, other, step.copy, files, open) : [])) ??
    [];
  open.delete(copy.from.stage);
  const there = new Map(inOther.map((found) => [found.destination, found]));
  return copiedOf([...there.keys()], copy).map(({ file, destination }) => ({ ...there.get(file)!, destination }));
}

function bakedOf(
  analysed: AnalysedService,
  context: BuildContext,
  copy: CopyStep,
  first: Found,
  found: readonly Found[],
): Baked {
  const mount = coveringMount(first.destination, analysed.service.mounts);
  const more = found.length > 1 ? ` and ${found.length - 1} more` : '';
  const source =
    copy.sources.find((one) => path.posix.normalize(one.value).endsWith(first.file)) ??
    (copy.sources.length === 1 ? copy.sources[0] : undefined);
  const at = mount
    ? `it lies below ${mount.target}, where a mount hides it`
    : 'a container without a mount there starts from this copy at every recreate';
  return {
    service: analysed.service.name,
    span: source?.span ?? copy.span,
    message: `${first.file} (${first.what})${more} becomes part of the image, as it is at build time; ${at}`,
    certain: true,
    destination: first.destination,
    covered: mount !== undefined,
    ignorePath: context.ignorePath,
    patterns: patternsFor(found),
    related: [
      {
        from: 'dockerfile',
        note: `${first.file} is in the build context and no line of the ignore file leaves it out`,
        span: copy.span,
        confidence: 'primary',
      },
    ],
  };
}

/** The files themselves, with the write-ahead logs that belong to them. */
function patternsFor(found: readonly Found[]): string[] {
  return found
    .slice(0, 20)
    .flatMap(({ file, what }) =>
      what === 'a SQLite database'
        ? [file, `${file}-wal`, `${file}-shm`]
        : what === 'a Chroma store'
          ? [path.posix.dirname(file)]
          : [file],
    );
}

/** Nothing is there now, but the step names a database, or the very folder that the application writes its database to. */
function* namedOnly(analysed: AnalysedService, context: BuildContext, copy: CopyStep): Iterable<Baked> {
  const isIgnored = ({ value }: Value): boolean =>
    !copy.from && context.ignores(path.posix.normalize(value).replace(/^\//, ''));
  // The build ends for good where one of the sources is left out; only a pattern may find nothing.
  if (copy.sources.some((source) => !/[*?[]/.test(source.value) && isIgnored(source))) return;
  for (const source of copy.sources) {
    if (source.unresolved.length > 0 || isReferenceData(source.value) || /^https?:/.test(source.value)) continue;
    const destination = copy.destination.value;
    const what = databaseByName(source.value);
    const ignored = isIgnored(source);
    if (what !== null && !ignored) {
      yield named(
        analysed,
        context,
        copy,
        source.span,
        destination,
        `${source.value} (${what} by its name)`,
        false,
        [],
      );
      continue;
    }
    const into = path.posix.resolve('/', destination);
    // The program's own folder is copied for the program.
    if (into === analysed.image.stage?.workdir?.value || !maybeFilled(analysed.image.stage, copy, source.value))
      continue;
    const store = analysed.stores.find(
      ({ store }) =>
        store.role === 'embedded' &&
        store.technology !== 'uploads' &&
        // That something is mounted there does not say what the application does with it.
        store.evidence[0].from !== 'mount' &&
        store.path !== null &&
        sameFolder(store.path, store.isFile, source.value, into) &&
        !isReferenceData(path.posix.basename(store.path)),
    );
    if (!store || ignored) continue;
    // Of a folder the rest may be for the program: it is the file that stays out.
    const file = store.store.isFile && !copy.from ? fileIn(source.value, store.store.path!) : null;
    if (file !== null && context.ignores(file)) continue;
    yield named(
      analysed,
      context,
      copy,
      source.span,
      destination,
      `${source.value} is the folder in which the application keeps ${store.store.title}: what a build finds there`,
      true,
      store.store.evidence,
      file === null ? [] : [file, `${file}-wal`, `${file}-shm`],
    );
  }
}

/** Where a file of the image would come from in the context, whose folder is copied. */
const fileIn = (folder: string, at: string): string =>
  path.posix.join(folder.replace(/^\/+/, ''), path.posix.basename(at));

/** Of another stage only what was copied into it: a folder that is made there is made for its owner, and empty. */
function maybeFilled(stage: StageResult | undefined, { from }: CopyStep, folder: string): boolean {
  if (!from || !('stage' in from)) return true;
  const at = path.posix.resolve('/', folder);
  const reaches = (step: StageResult['steps'][number]): boolean => {
    if (step.kind !== 'copy') return false;
    const into = path.posix.resolve('/', step.copy.destination.value);
    return isWithin(at, into) || isWithin(into, at);
  };
  return stage?.other(from.stage)?.steps.some(reaches) ?? true;
}

/** `COPY dev_assets /app/dev_assets` where the database is `/app/dev_assets/db.sqlite`. */
function sameFolder(store: string, isFile: boolean, source: string, into: string): boolean {
  if ((isFile ? path.posix.dirname(store) : store) !== into) return false;
  const name = path.posix.basename(path.posix.resolve('/', source));
  return name !== '' && name === path.posix.basename(into);
}

function named(
  analysed: AnalysedService,
  context: BuildContext,
  copy: CopyStep,
  span: Span,
  destination: string,
  subject: string,
  certain: boolean,
  related: readonly Evidence[],
  patterns: readonly string[] = [],
): Baked {
  const mount = coveringMount(path.posix.resolve('/', destination), analysed.service.mounts);
  return {
    service: analysed.service.name,
    span,
    message: `${subject} becomes part of the image, as it is at build time`,
    certain,
    destination,
    covered: mount !== undefined,
    ignorePath: context.ignorePath,
    patterns,
    related: [
      ...related,
      {
        from: 'dockerfile',
        note: `${copy.instruction} puts it at ${destination}`,
        span: copy.span,
        confidence: 'primary',
      },
    ],
  };
}
