/** The stores that the catalogue knows of an image, where its environment, command and configuration put them. */
import * as path from 'node:path';
import { dataPaths, type InForce, isExternal, relocations, versionOf } from '../catalogue/match.ts';
import type { DataPath, Relocation } from '../catalogue/model.ts';
import type { Service } from '../project/model.ts';
import { cleanTarget } from '../project/mounts.ts';
import { isWithin } from '../survival/backing.ts';
import type { Confidence, Evidence, Store } from '../survival/words.ts';
import { locatedWords, serverWords, type Word } from './command.ts';
import { imageEvidence } from './image.ts';
import type { FamilyMatch, ServiceImage } from './model.ts';
import { configurationOf, takesFile } from './relocation/configuration.ts';
import type { ContainerFiles } from './relocation/container-files.ts';
import { demandOn } from './relocation/demands.ts';
import { type Circumstances, type Place, placeBy } from './relocation/relocation.ts';
import { withFiles } from './relocation/secrets.ts';
import { isTaskByName } from './server-words.ts';
import { setByScript } from './set-by-script.ts';
import { type Started, startedBy } from './started.ts';
import { flatWords } from './words.ts';

export type EffectiveEnvironment = ReadonlyMap<string, { readonly value: string | null; readonly evidence: Evidence }>;

export interface FromImage {
  readonly stores: readonly Store[];
  /** What a script starts the server with, where the container's own words do not name it. */
  readonly started: readonly string[];
}

const NOTHING: FromImage = { stores: [], started: [] };

export function storesFromImage(
  service: Service,
  image: ServiceImage,
  given: EffectiveEnvironment,
  files: ContainerFiles,
): FromImage {
  const { match } = image;
  if (!match) return NOTHING;
  const all = locatedWords(service, image);
  const started = runsServer(match, service, image, all)
    ? undefined
    : startedByScript(match, all, { service, image, environment: given, files });
  if (started === null) return NOTHING;
  const words = started?.words ?? serverWords(all, match.family.serverCommands);
  const texts = words.map(({ text }) => text);
  const environment = setByScript(withFiles(given, match.family, files), match, started);
  const values = new Map([...environment].map(([name, entry]) => [name, knownValue(entry)]));
  const own = service.workingDir?.value ?? (image.stage?.workdir ? image.workdir : undefined);
  const configuration = configurationOf(match.family, {
    files,
    words: texts,
    environment: (name) => values.get(name),
    workdir: own ?? image.workdir,
  });
  const facts = oneVersion(
    dataPaths(match, values, flatWords([...all, ...(started?.words ?? [])].map(textOf))),
    service,
  );
  const at = { words, environment, configuration, workdir: { own, image: image.workdir } };
  const groups = new Set<string>();
  const stores: Store[] = [];
  for (const fact of facts) {
    if (isExternal(match, values, fact.path) !== false) continue;
    const demand = demandOn(match.family.id, fact.path, words, configuration);
    if (demand === 'unmet') continue;
    const moved = movedTo(match, fact, facts, relocations(match, values), at, service);
    if (fact.group !== undefined) {
      const mounted = facts.find((other) => other.group === fact.group && isMounted(other, service));
      if (
        groups.has(fact.group) ||
        (!moved && mounted !== undefined && mounted !== fact) ||
        (!fact.fallback && !moved && facts.some((other) => other.group === fact.group && other.fallback))
      )
        continue;
      groups.add(fact.group);
    }
    const store = storeOf(match, fact, moved === 'stays' ? undefined : moved, demand);
    stores.push(started ? byScript(store, started) : store);
  }
  return { stores, started: started?.words.map(textOf) ?? [] };
}

/** Of places that stand for one another the program takes the one that is there. */
const isMounted = ({ path: at }: DataPath, { mounts }: Service): boolean =>
  mounts.some(({ target }) => target === cleanTarget(at));

const textOf = ({ text }: Word): string => text;

interface Container {
  readonly service: Service;
  readonly image: ServiceImage;
  readonly environment: EffectiveEnvironment;
  readonly files: ContainerFiles;
}

/** What starts the server where the container's own words do not name it; null where something else is started. */
function startedByScript(
  { family }: FamilyMatch,
  words: readonly Word[],
  { service, image, environment, files }: Container,
): Started | null {
  const workdir = service.workingDir?.value ?? image.workdir;
  const started = startedBy(words, { family, files, environment, workdir });
  // Of a pulled image's own scripts nothing is known, and what is called a task is one.
  if (started?.confidence === 'memory' && (!image.stage || isTaskByName(words) || isTaskByName(nameOf(service))))
    return null;
  return started ?? null;
}

const nameOf = ({ name, key }: Service): Word[] => [
  { text: name, span: key, from: 'command', open: false, shell: false },
];

const byScript = (store: Store, { evidence, confidence }: Started): Store => ({
  ...store,
  confidence: weakest(store.confidence, confidence),
  evidence: [...store.evidence, evidence],
});

/** Null where a variable of it has no value here. */
const knownValue = ({
  value,
  evidence,
}: {
  readonly value: string | null;
  readonly evidence: Evidence;
}): string | null => (evidence.confidence === 'memory' ? null : value);

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
function runsServer(match: FamilyMatch, service: Service, image: ServiceImage, words: readonly Word[]): boolean {
  const servers = match.family.serverCommands;
  const overridden = service.command || service.entrypoint || image.stage?.command || image.stage?.entrypoint;
  const first = words[0]?.text;
  if (!overridden || servers.length === 0 || first === undefined || first.startsWith('-')) return true;
  // Entrypoints put the server in front of a configuration file that stands alone.
  if (!service.entrypoint && takesFile(match.family, first)) return true;
  return serverWords(words, servers).some(({ text }) => servers.includes(path.posix.basename(text)));
}

function storeOf(
  match: FamilyMatch,
  fact: InForce<DataPath>,
  moved: Place | undefined,
  demand: Evidence | undefined,
): Store {
  const { family } = match;
  const confidence = weakest(fact.confidence, match.lookalike || !fact.certain ? 'memory' : 'primary');
  const tag = match.version === null && fact.when?.version ? ` (the tag names no version; ${counting(match)})` : '';
  const known = imageEvidence(
    match,
    `${match.lookalike ? 'looks like' : 'the image is'} ${family.title}, which keeps ${fact.holds} in ${fact.path}${tag}`,
    fact.confidence,
  );
  const evidence: [Evidence, ...Evidence[]] = moved ? [moved.evidence, known] : [known];
  if (demand) evidence.push(demand);
  return {
    technology: family.id,
    title: family.title,
    path: moved ? moved.path : cleanTarget(fact.path),
    ...(moved?.path === null ? { unknown: moved.why } : {}),
    isFile: fact.file ?? false,
    kind: fact.kind,
    need: fact.need === 'required' || demand ? 'required' : 'optional',
    confidence: moved ? weakest(confidence, moved.evidence.confidence) : confidence,
    evidence,
    role: 'server',
  };
}

const counting = (match: FamilyMatch): string => {
  const version = versionOf(match);
  return version === null ? 'the newest counts' : `it was ${version} when this was looked up`;
};

const RANK: Record<Confidence, number> = { primary: 2, secondary: 1, memory: 0 };

export const weakest = (a: Confidence, b: Confidence): Confidence => (RANK[a] <= RANK[b] ? a : b);

/** The setting that counts most and is there decides; it may name the very place that the image uses anyway. */
function movedTo(
  match: FamilyMatch,
  fact: DataPath,
  facts: readonly DataPath[],
  moves: readonly Relocation[],
  at: Circumstances,
  service: Service,
): Place | 'stays' | undefined {
  const first = facts.find((one) => one.need === 'required') ?? facts[0];
  for (const move of moves) {
    if ((move.moves ?? first?.path) !== fact.path) continue;
    const place = placeBy(move, at);
    if (place) return place.path === cleanTarget(fact.path) ? 'stays' : place;
  }
  return versionedSubdirectory(match, fact, moves, service) ?? mountedParts(fact, service);
}

/** Mounts on the directories inside in which all that counts lies (`/opt/keycloak/data/h2`). The first stands for all. */
function mountedParts({ path: at, parts = [] }: DataPath, service: Service): Place | undefined {
  const targets = parts.map((part) => cleanTarget(path.posix.join(at, part)));
  const mounts = targets.map((target) => service.mounts.find((one) => one.target === target));
  const [first] = mounts;
  if (!first || mounts.includes(undefined)) return undefined;
  const note = `mounted on ${targets.join(' and ')}`;
  return {
    path: first.target,
    why: '',
    evidence: { from: 'mount', note, span: first.targetSpan, confidence: 'primary' },
  };
}

/** A mount straight on the versioned directory that the image uses (`/var/lib/postgresql/18/docker`) is the store's own place. */
function versionedSubdirectory(
  match: FamilyMatch,
  fact: DataPath,
  moves: readonly Relocation[],
  service: Service,
): Place | undefined {
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
