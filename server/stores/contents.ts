/** What stands in a service's container and what its code depends on, worked out once for services that are built and mounted alike. */
import type { Files } from '../files.ts';
import type { Service } from '../project/model.ts';
import type { Source } from '../syntax/source.ts';
import { sqliteDialect } from './dialect.ts';
import type { SqliteDialect } from './from-environment.ts';
import { codeIn } from './from-source.ts';
import type { ServiceImage } from './model.ts';
import { othersIn } from './mounted.ts';
import { type Placed, type Placement, placeFiles } from './placement.ts';
import type { Round } from './recall.ts';
import { effectiveWords } from './words.ts';
import { workdirOf } from './workdir.ts';

export interface Contents {
  readonly placed: Placed;
  readonly code: readonly Source[];
  readonly dialect: SqliteDialect | undefined;
}

export function contentsOf(service: Service, image: ServiceImage, files: Files, round: Round): Contents {
  const { stage } = image;
  const isBound = service.mounts.some(({ type }) => type === 'bind');
  // Without a build or a mounted folder there is nothing to read, and so nothing to keep.
  if (!service.build && !isBound) return read(placeFiles(service, stage, files), [], stage, files);
  const key = keyOf(service, stage);
  const given = [stage?.source];
  const started = isBound ? ` ${startOf(service, image)}` : '';
  return round.get(`contents ${key}${started}`, given, files, (traced) => {
    // Texts change more often than the files that there are.
    const placed = round.get(`places ${key}`, given, traced, (within) => placeFiles(service, stage, within));
    const others = isBound ? othersIn({ service, image, placed, files: traced }) : [];
    return read(placed, others, stage, traced);
  });
}

function read(placed: Placed, others: readonly string[], stage: ServiceImage['stage'], files: Files): Contents {
  return { placed, code: codeIn(placed, others, files), dialect: sqliteDialect(placed, stage, files) };
}

/** All that decides what is run of the code that is only mounted. */
const startOf = (service: Service, image: ServiceImage): string =>
  JSON.stringify([
    effectiveWords(service, image),
    workdirOf(service, image),
    image.match && [image.match.family.id, image.match.lookalike],
    image.match?.reference.path ?? service.image?.value,
  ]);

/** All that decides where files are placed, besides the files. */
function keyOf({ build, mounts, declarations }: Service, stage: ServiceImage['stage']): string {
  return JSON.stringify([
    declarations[0].source.path,
    build && [
      build.context,
      build.remote,
      build.dockerfile,
      build.target,
      [...build.args],
      [...build.additionalContexts],
      build.unresolved.length,
    ],
    stage && [stage.source.path, stage.index, stage.base?.value, stage.chain],
    // What is no folder of the host hides what lies behind it, or is filled with it, whatever it is called.
    mounts.map(({ type, source, target, from, unresolved, nocopy, subpath }) =>
      type === 'bind' ? [from, target, source, unresolved.length] : [from, target, type, nocopy, subpath],
    ),
  ]);
}

const folders = new WeakMap<Placement, ReadonlySet<string>>();

/** Whether the image holds a file at `at` or below it. */
export function isBaked(at: string, { image }: Placed): boolean {
  if (image.size === 0) return false;
  let known = folders.get(image);
  if (!known) {
    known = foldersOf(image);
    folders.set(image, known);
  }
  return image.has(at) || known.has(at);
}

function foldersOf(image: Placement): Set<string> {
  const found = new Set<string>(['/']);
  for (const file of image.keys()) {
    for (let end = file.lastIndexOf('/'); end > 0; end = file.lastIndexOf('/', end - 1)) {
      const folder = file.slice(0, end);
      if (found.has(folder)) break;
      found.add(folder);
    }
  }
  return found;
}
