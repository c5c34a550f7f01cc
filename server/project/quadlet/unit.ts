/** A unit file and its drop-ins as one unit. */
import * as path from 'node:path';
import { type Files, UnreadableFile } from '../../files.ts';
import type { Problem, Source } from '../../syntax/source.ts';
import { last } from '../../syntax/unit/lookup.ts';
import { unitOf } from '../../syntax/unit.ts';
import { KNOWN_KEYS } from './keys.ts';
import { entriesIn, ownEntries, ownSection, type QuadletUnit, UNIT_KINDS, type UnitKind } from './model.ts';

const KINDS: ReadonlySet<string> = new Set(UNIT_KINDS);

export function kindOf(file: string): UnitKind | null {
  const suffix = path.posix.extname(file).slice(1);
  return KINDS.has(suffix) ? (suffix as UnitKind) : null;
}

export interface ReadUnit {
  readonly unit: QuadletUnit;
  readonly problems: readonly Problem[];
}

/** @throws UnreadableFile when the unit itself cannot be read */
export function readUnit(files: Files, at: string, kind: UnitKind): ReadUnit {
  const own = files.read(at);
  const { sources: over, problems } = dropIns(files, at, own);
  const sources: [Source, ...Source[]] = [own, ...over];
  const parsed = sources.map(unitOf);
  const file = path.posix.basename(at);
  const unit: QuadletUnit = {
    file,
    kind,
    path: at,
    sources,
    sections: parsed.flatMap(({ sections }) => sections),
    serviceName: file,
    broken: parsed.some((one) => one.problems.length > 0),
  };
  const serviceName =
    last(ownEntries(unit), 'ServiceName')?.value.text ?? `${withoutSuffix(file)}${SERVICE_SUFFIXES[kind] ?? ''}`;
  return {
    unit: { ...unit, serviceName },
    problems: [...parsed.flatMap((one) => one.problems), ...problems, ...unknownKeys(unit)],
  };
}

const SERVICE_SUFFIXES: Readonly<Partial<Record<UnitKind, string>>> = {
  volume: '-volume',
  network: '-network',
  image: '-image',
  build: '-build',
  pod: '-pod',
  artifact: '-artifact',
};

export const withoutSuffix = (file: string): string => file.slice(0, file.lastIndexOf('.')) || file;

function unknownKeys(unit: QuadletUnit): Problem[] {
  const section = ownSection(unit.kind);
  const wrong = (known: (key: string) => boolean, name: string): Problem[] =>
    entriesIn(unit, name)
      .filter(({ key }) => !known(key))
      .map(({ key, keySpan }) => ({
        span: keySpan,
        message: `Quadlet knows no key ${key} in [${name}], and leaves the unit out`,
      }));
  return [
    ...wrong((key) => KNOWN_KEYS[unit.kind].has(key), section),
    ...wrong((key) => key === 'DefaultDependencies', 'Quadlet'),
  ];
}

/** Of two drop-ins with one name the one in the folder closest to the unit's name counts; they are laid over by name. */
function dropIns(files: Files, at: string, own: Source): { sources: Source[]; problems: Problem[] } {
  const folder = path.posix.dirname(at);
  const found = new Map<string, string>();
  const present = new Set(files.list(folder).map(({ name }) => name));
  for (const name of dropInFolders(path.posix.basename(at))) {
    if (!present.has(name)) continue;
    for (const entry of files.list(path.posix.join(folder, name)))
      if (entry.name.endsWith('.conf') && entry.kind !== 'directory' && !found.has(entry.name))
        found.set(entry.name, path.posix.join(folder, name, entry.name));
  }
  const sources: Source[] = [];
  const problems: Problem[] = [];
  for (const [name, file] of [...found].sort(([a], [b]) => (a < b ? -1 : 1))) {
    try {
      sources.push(files.read(file));
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error;
      const span = { source: own, start: 0, end: 0 };
      problems.push({ span, message: `its drop-in ${name} ${error.message}`, reference: true });
    }
  }
  return { sources, problems };
}

/** The most specific first: `a-b@c.container.d`, `a-b@.container.d`, `a-@.container.d`, `a-.container.d`, `container.d`. */
export function dropInFolders(file: string): string[] {
  const suffix = path.posix.extname(file);
  const base = file.slice(0, -suffix.length);
  const at = base.indexOf('@');
  const name = at < 0 ? base : base.slice(0, at);
  const folders = [`${suffix.slice(1)}.d`];
  const parts = name.split('-');
  for (let i = 1; i < parts.length; i++) {
    const shorter = `${parts.slice(0, i).join('-')}-`;
    folders.push(`${shorter}${suffix}.d`);
    if (at >= 0) folders.push(`${shorter}@${suffix}.d`);
  }
  if (at >= 0 && at < base.length - 1) folders.push(`${name}@${suffix}.d`);
  folders.push(`${file}.d`);
  return folders.reverse();
}
