/** The stores that the catalogue knows of an image, where its environment, command and configuration put them. */
import * as path from 'node:path';
import { dataPaths, type InForce, isExternal, relocations } from '../catalogue/match.ts';
import type { DataPath, Relocation } from '../catalogue/model.ts';
import type { Files } from '../files.ts';
import type { Service } from '../project/model.ts';
import { cleanTarget } from '../project/mounts.ts';
import { isWithin } from '../survival/backing.ts';
import type { Confidence, Evidence, Store } from '../survival/words.ts';
import { type ConfigurationFile, configurationFiles, configured, looksLikePath } from './configuration-file.ts';
import { imageEvidence } from './image.ts';
import type { FamilyMatch, ServiceImage } from './model.ts';
import { argumentAfter, flagValue, flatWords } from './words.ts';

export type EffectiveEnvironment = ReadonlyMap<string, { readonly value: string | null; readonly evidence: Evidence }>;

interface Moved {
  /** Null: something moves it to a place that is not known. */
  readonly path: string | null;
  readonly why: string;
  readonly evidence: Evidence;
}

export function storesFromImage(
  service: Service,
  image: ServiceImage,
  words: readonly string[],
  environment: EffectiveEnvironment,
  files: Files,
): Store[] {
  const { match } = image;
  if (!match || !runsServer(match, service, image, words)) return [];
  const values = new Map([...environment].map(([name, { value }]) => [name, value]));
  const facts = oneVersion(dataPaths(match, values, flatWords(words)), service);
  const moves = relocations(match, values);
  const configuration = configurationFiles(service, flatWords(words), match.family, files);
  const groups = new Set<string>();
  const stores: Store[] = [];
  for (const fact of facts) {
    if (isExternal(match, values, fact.path) !== false) continue;
    const moved = movedTo(
      match,
      fact,
      facts,
      moves,
      flatWords(words),
      environment,
      configuration,
      image.workdir,
      service,
    );
    if (fact.group !== undefined) {
      if (
        groups.has(fact.group) ||
        (!fact.fallback && !moved && facts.some((other) => other.group === fact.group && other.fallback))
      )
        continue;
      groups.add(fact.group);
    }
    stores.push(storeOf(match, fact, moved));
  }
  return stores;
}

/** Where the tag hides the version, its paths of several versions stand for one: the one that is mounted, else the newest. */
function oneVersion(facts: readonly InForce<DataPath>[], service: Service): InForce<DataPath>[] {
  const open = facts.filter((fact) => !fact.certain && fact.need === 'required' && fact.when?.version !== undefined);
  if (open.length < 2) return [...facts];
  const mounted = (holds: (target: string, at: string) => boolean) =>
    open.find((fact) => service.mounts.some((mount) => holds(mount.target, cleanTarget(fact.path))));
  const chosen =
    mounted((target, at) => target === at) ?? mounted((target, at) => isWithin(at, target)) ?? open.at(-1)!;
  return facts.filter((fact) => fact === chosen || !open.includes(fact));
}

/** The image is used as a client or a tool when its command starts another program. */
function runsServer(match: FamilyMatch, service: Service, image: ServiceImage, words: readonly string[]): boolean {
  const servers = match.family.serverCommands;
  const overridden = service.command || service.entrypoint || image.stage?.command || image.stage?.entrypoint;
  if (!overridden || servers.length === 0 || words.length === 0 || words[0]!.startsWith('-')) return true;
  const flat = flatWords(words);
  return flat.some((word) => servers.includes(path.posix.basename(word)));
}

function storeOf(match: FamilyMatch, fact: InForce<DataPath>, moved: Moved | undefined): Store {
  const { family } = match;
  const confidence = weakest(fact.confidence, match.lookalike || !fact.certain ? 'memory' : 'primary');
  const tag = match.version === null && fact.when?.version ? ` (the tag names no version; the newest counts)` : '';
  const known = imageEvidence(
    match,
    `${match.lookalike ? 'looks like' : 'the image is'} ${family.title}, which keeps ${fact.holds} in ${fact.path}${tag}`,
    fact.confidence,
  );
  const evidence: [Evidence, ...Evidence[]] = moved ? [moved.evidence, known] : [known];
  return {
    technology: family.id,
    title: family.title,
    path: moved ? moved.path : cleanTarget(fact.path),
    ...(moved?.path === null ? { unknown: moved.why } : {}),
    isFile: fact.file ?? false,
    kind: fact.kind,
    need: fact.need === 'required' ? 'required' : 'optional',
    confidence: moved ? weakest(confidence, moved.evidence.confidence) : confidence,
    evidence,
    role: 'server',
  };
}

const RANK: Record<Confidence, number> = { primary: 2, secondary: 1, memory: 0 };

export const weakest = (a: Confidence, b: Confidence): Confidence => (RANK[a] <= RANK[b] ? a : b);

function movedTo(
  match: FamilyMatch,
  fact: DataPath,
  facts: readonly DataPath[],
  moves: readonly Relocation[],
  words: readonly string[],
  environment: EffectiveEnvironment,
  configuration: readonly ConfigurationFile[],
  workdir: string,
  service: Service,
): Moved | undefined {
  const first = facts.find((one) => one.need === 'required') ?? facts[0];
  for (const move of moves) {
    if ((move.moves ?? first?.path) !== fact.path) continue;
    const found = settingOf(move, words, environment, configuration, service);
    if (!found) continue;
    if (found.value === null) return { path: null, why: found.evidence.note, evidence: found.evidence };
    const target = directoryOf(move, found.value, workdir);
    if (target !== null && target !== cleanTarget(fact.path))
      return { path: target, why: '', evidence: found.evidence };
  }
  return versionedSubdirectory(match, fact, moves, service);
}

function settingOf(
  move: Relocation,
  words: readonly string[],
  environment: EffectiveEnvironment,
  configuration: readonly ConfigurationFile[],
  service: Service,
): { value: string | null; evidence: Evidence } | undefined {
  if (move.by === 'env') {
    const entry = environment.get(move.key);
    if (!entry || entry.value === '') return undefined;
    return { value: entry.evidence.confidence === 'memory' ? null : entry.value, evidence: entry.evidence };
  }
  if (move.by === 'config') return fromConfiguration(move, configuration);
  const value = move.by === 'flag' ? flagValue(words, move.key) : argumentAfter(words, move.key);
  if (value === undefined || value === '') return undefined;
  const written = service.command ?? service.entrypoint;
  const at = written?.words.findIndex((word) => word.includes(value)) ?? -1;
  const span = written ? (written.spans[at] ?? written.span) : undefined;
  const holes = written?.unresolved.length ?? 0;
  const evidence: Evidence = {
    from: 'command',
    note:
      holes > 0
        ? `${move.key} in the command is made of variables that are not set`
        : `${move.key} ${value} in the command`,
    confidence: 'primary',
    ...(span ? { span } : {}),
  };
  return { value: holes > 0 && !value.startsWith('/') ? null : value, evidence };
}

function fromConfiguration(
  move: Relocation,
  configuration: readonly ConfigurationFile[],
): { value: string | null; evidence: Evidence } | undefined {
  for (const { source } of configuration) {
    const found = source && configured(source, move.key);
    if (found && looksLikePath(found.value)) {
      return {
        value: found.value,
        evidence: {
          from: 'configuration',
          note: `${move.key} ${found.value} in the mounted configuration`,
          span: found.span,
          confidence: 'primary',
        },
      };
    }
  }
  return undefined;
}

function directoryOf(move: Relocation, value: string, workdir: string): string | null {
  const first = move.form === 'list' ? (value.split(',')[0] ?? value).trim() : value;
  const bare = move.form === 'url' ? first.replace(/^[a-z0-9+]+:\/\//i, '') : first.replace(/^file:(\/\/)?/i, '');
  if (bare === '' || /^[a-z][a-z0-9+.-]*:\/\//i.test(bare)) return null;
  const absolute = path.posix.resolve(move.relativeTo ?? workdir, bare);
  return cleanTarget(move.form === 'file' ? path.posix.dirname(absolute) : absolute);
}

/** A mount straight on the versioned directory that the image uses (`/var/lib/postgresql/18/docker`) is the store's own place. */
function versionedSubdirectory(
  match: FamilyMatch,
  fact: DataPath,
  moves: readonly Relocation[],
  service: Service,
): Moved | undefined {
  for (const move of moves) {
    if (!move.default?.includes('<major>')) continue;
    const major = match.version?.split('.')[0] ?? '\\d+';
    const pattern = new RegExp(`^${move.default.replace('<major>', major)}$`);
    const mount = service.mounts.find((one) => pattern.test(one.target));
    if (mount && mount.target !== cleanTarget(fact.path)) {
      return {
        path: mount.target,
        why: '',
        evidence: {
          from: 'mount',
          note: `mounted on the versioned directory ${mount.target}`,
          span: mount.targetSpan,
          confidence: 'primary',
        },
      };
    }
  }
  return undefined;
}
