/** Mounts on directories that a server writes to only when it is told to, where it is known that it is not. */
import * as path from 'node:path';
import type { Files } from '../files.ts';
import type { Mount } from '../project/model.ts';
import { configurationFiles, configured } from '../stores/configuration-file.ts';
import type { AnalysedService } from '../stores/model.ts';
import { flagValue } from '../stores/words.ts';
import { isWithin } from '../survival/backing.ts';
import type { Evidence } from '../survival/words.ts';
import { isDataMount } from './data-mounts.ts';
import { UNWRITTEN, type Unwritten } from './families.ts';

export interface UnwrittenMount {
  readonly known: Unwritten;
  readonly mount: Mount;
  readonly evidence: Evidence;
}

export function* unwrittenMounts(analysed: AnalysedService, files: Files): Iterable<UnwrittenMount> {
  const { service, image } = analysed;
  const { match, stage } = image;
  // A build of one's own may bring a configuration.
  if (!match || match.lookalike || match.openTag || stage || service.mountGaps.length > 0) return;
  for (const known of UNWRITTEN[match.family.id] ?? []) {
    const mount = service.mounts.find((one) => one.target === known.path && one.source !== undefined);
    if (!mount || !isDataMount(mount) || !isPlainStart(known, analysed) || isSet(known, analysed)) continue;
    const evidence = silence(known, analysed, files);
    if (evidence) yield { known, mount, evidence };
  }
}

/** The server is started by its own words: a script could do anything before. */
function isPlainStart({ starts, alone }: Unwritten, { service }: AnalysedService): boolean {
  const { entrypoint, command } = service;
  if (entrypoint) return false;
  if (!command) return alone;
  if (command.unresolved.length > 0) return false;
  const [first = '', ...rest] = command.words;
  const words = [path.posix.basename(first), ...rest];
  return starts.some((start) => start.every((word, i) => words[i] === word));
}

function isSet(known: Unwritten, { service, argv, environment }: AnalysedService): boolean {
  if (known.variables.length > 0 && service.environmentGaps.length > 0) return true;
  if (known.variables.some((name) => (environment.get(name)?.value ?? null) !== '' && environment.has(name)))
    return true;
  if (known.flags.some((flag) => flagValue(argv, flag) !== undefined)) return true;
  // What lies there may be something else: attachments, a file of passwords.
  const said = [...argv, ...[...environment.values()].map(({ value }) => value ?? '')];
  return said.some((text) => text.includes(known.path));
}

/** What says that the configuration does not ask for it; undefined where it does, or where that is not known. */
function silence(known: Unwritten, analysed: AnalysedService, files: Files): Evidence | undefined {
  const { service, argv, image, environment } = analysed;
  const [setting] = known.keys;
  const read = configurationFiles(service, argv, image.match?.family, files);
  if (read.length === 0) {
    const mayBeThere = service.mounts.some(
      ({ target }) =>
        isWithin(known.configuration, target) || isWithin(target, path.posix.dirname(known.configuration)),
    );
    const isNamed = argv.some((word) => /^(-c|--config(-file)?)(=|$)/.test(word));
    if (mayBeThere || isNamed || [...environment.keys()].some((name) => /CONFIG/.test(name))) return undefined;
    return { from: 'image', note: `${setting} is set nowhere, and the image does not set it`, confidence: 'primary' };
  }
  for (const { source } of read) {
    if (!source || known.unless?.test(source.text)) return undefined;
    if (known.keys.some((key) => configured(source, key) !== undefined)) return undefined;
    if (mentions(source.text, known)) return undefined;
  }
  const last = read.at(-1)!.source!;
  return {
    from: 'configuration',
    note: `${setting} is not set in ${path.posix.basename(last.path)}`,
    span: { source: last, start: 0, end: 0 },
    confidence: 'primary',
  };
}

/** Another setting puts something there. Those that belong to the missing one (`persistence_location`) do nothing alone. */
const mentions = (text: string, { path: at, keys: [key] }: Unwritten): boolean =>
  text
    .split('\n')
    .map((line) => line.trim())
    .some((line) => !line.startsWith('#') && !line.startsWith(key) && line.includes(at));
