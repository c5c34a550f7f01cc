/** The stores that application code opens, resolved for one service. */
import { type Files, UnreadableFile } from '../files.ts';
import type { Evidence, Store } from '../survival/words.ts';
import type { Source } from '../syntax/source.ts';
import { sqliteStore } from './from-environment.ts';
import type { EffectiveEnvironment } from './from-image.ts';
import type { Placement } from './placement.ts';
import type { PathExpression, SourceStore } from './source/model.ts';
import { resolveStore } from './source/resolve.ts';
import { scanSources } from './source/scan.ts';

const CODE = /\.(py|js|mjs|cjs|jsx|ts|mts|cts|tsx)$/;

const TITLES: Record<SourceStore['technology'], string> = {
  chroma: 'Chroma',
  sqlite: 'SQLite',
  faiss: 'FAISS',
  lancedb: 'LanceDB',
  qdrant: 'Qdrant',
};

/** Source files that stand in the container, read. */
export function codeIn(placement: Placement, files: Files): Source[] {
  const seen = new Set<string>();
  const sources: Source[] = [];
  for (const host of placement.values()) {
    if (!CODE.test(host) || host.endsWith('.d.ts') || seen.has(host)) continue;
    seen.add(host);
    try {
      sources.push(files.read(host));
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error;
    }
  }
  return sources;
}

export interface CodePlace {
  readonly placement: Placement;
  readonly workdir: string | null;
  readonly environment: EffectiveEnvironment;
  /** Environment files that could not be read: an unset variable may be set there. */
  readonly environmentGaps: readonly string[];
  /** The application's folder: what is called tests or docs below it is no part of what runs. */
  readonly root?: string;
}

export async function storesFromSource(sources: readonly Source[], place: CodePlace): Promise<Store[]> {
  if (sources.length === 0) return [];
  const { stores } = await scanSources(sources, place.root === undefined ? {} : { root: place.root });
  if (stores.length === 0) return [];
  const at = new Map([...place.placement].map(([container, host]) => [host, container]));
  return stores
    .filter((found) => !found.readOnly && at.has(found.file))
    .flatMap((found) => storeAt(found, place, at) ?? []);
}

function storeAt(found: SourceStore, place: CodePlace, at: ReadonlyMap<string, string>): Store | undefined {
  const because: Evidence = {
    from: 'source',
    note: `${found.constructor_} opens it`,
    span: found.span,
    confidence: 'secondary',
  };
  const handed = found.via.map(
    (span): Evidence => ({ from: 'source', note: 'its path comes from here', span, confidence: 'secondary' }),
  );
  const evidence: [Evidence, ...Evidence[]] = [because, ...handed, ...variablesOf(found.path, place)];
  const resolved = resolveStore(found, {
    file: (host) => at.get(host) ?? null,
    workdir: place.workdir,
    environment: (name) => environmentValue(name, place),
    home: place.environment.get('HOME')?.value ?? null,
  });
  if ('elsewhere' in resolved) return undefined;
  if ('unknown' in resolved) return embedded(found, null, evidence, resolved.unknown);
  if ('ambiguous' in resolved) {
    const { sqlalchemy, sqlx } = resolved.ambiguous;
    return embedded(found, null, evidence, `it is ${sqlalchemy} to SQLAlchemy and ${sqlx} to SQLx`);
  }
  return resolved.readOnly ? undefined : embedded(found, resolved.path, evidence);
}

function environmentValue(name: string, place: CodePlace): string | null | undefined {
  const entry = place.environment.get(name);
  if (entry) return entry.evidence.confidence === 'memory' ? null : entry.value;
  return place.environmentGaps.length > 0 ? null : undefined;
}

/** The environment entries that the path is made of, as evidence. */
function variablesOf(expression: PathExpression, place: CodePlace): Evidence[] {
  const names = new Set<string>();
  const visit = (part: PathExpression): void => {
    if (part.kind === 'env') {
      names.add(part.name);
      if (part.fallback) visit(part.fallback);
    } else if (part.kind === 'dirname') visit(part.of);
    else if (part.kind === 'join' || part.kind === 'concat') part.parts.forEach(visit);
    else if (part.kind === 'either') part.options.forEach(visit);
  };
  visit(expression);
  return [...names].flatMap((name) => place.environment.get(name)?.evidence ?? []);
}

/** Below the system's directory for temporary files: nobody means that to last. */
function usesTemp(expression: PathExpression): boolean {
  switch (expression.kind) {
    case 'temp':
      return true;
    case 'dirname':
      return usesTemp(expression.of);
    case 'join':
    case 'concat':
      return expression.parts.some(usesTemp);
    case 'either':
      return expression.options.some(usesTemp);
    default:
      return false;
  }
}

function embedded(found: SourceStore, at: string | null, evidence: [Evidence, ...Evidence[]], unknown?: string): Store {
  const base = sqliteStore(at ?? '/', evidence[0]);
  return {
    ...base,
    technology: found.technology,
    title: TITLES[found.technology],
    path: at,
    ...(at === null ? { unknown: unknown ?? 'the path could not be told' } : {}),
    isFile: found.form !== 'directory',
    kind: usesTemp(found.path) ? 'cache' : base.kind,
    evidence,
  };
}
