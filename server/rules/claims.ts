/**
 * A store without a mount is "missing". Where more is known of why, or of what else breaks, another rule says it better
 * and claims the store. In this order: nothing is written at all (in-memory-mode, which looks at services); a key
 * whose data is kept; a file system that nobody can write to; an embedded database that nobody chose; a part of what the
 * stack needs; a part of what the service needs; a relative URL that misses its mount. A mount where another version
 * keeps the data comes before all of them: it was meant to hold it.
 */
import { environmentHolds, isExternal } from '../catalogue/match.ts';
import type { EnvironmentEntry, Mount, Service } from '../project/model.ts';
import { configurationFiles, configured } from '../stores/configuration-file.ts';
import type { AnalysedService, AnalysedStore } from '../stores/model.ts';
import { flagValue, flatWords } from '../stores/words.ts';
import { isWithin } from '../survival/backing.ts';
import type { BackingType } from '../survival/words.ts';
import { textOf } from '../syntax/source.ts';
import { isAtOtherPlace, ofOtherVersion } from './alternatives.ts';
import type { Diagnosis } from './diagnosis.ts';
import { EMBEDDED_DATABASES, type EmbeddedDatabase, KEY_MATERIAL, type KeyMaterial, STACKS } from './families.ts';
import { isRedisLike } from './guards.ts';
import { names, usedBy } from './links.ts';
import { memoryMode } from './memory-mode.ts';
import { relativeUrl } from './relative-url.ts';
import type { RuleContext } from './rule.ts';
import { valuesOf } from './values.ts';

const LASTING: ReadonlySet<BackingType> = new Set(['named-volume', 'external-volume', 'bind-mount', 'network-volume']);

export const isKept = ({ backing }: AnalysedStore): boolean => LASTING.has(backing.type);

/** Data that somebody meant to keep, and that is kept. */
export const keptStore = (analysed: AnalysedService): AnalysedStore | undefined =>
  analysed.stores.find(
    (one) => one.store.kind === 'essential' && one.store.evidence[0].from !== 'mount' && isKept(one),
  );

/** Null: nothing is to be said of the store. */
export function claimed(
  context: RuleContext,
  analysed: AnalysedService,
  one: AnalysedStore,
  diagnosis: Diagnosis | null,
): Diagnosis | null {
  if (diagnosis === null) return null;
  if (one.store.role === 'server' && memoryMode(analysed)) return null;
  if (diagnosis.kind === 'moved') return asymmetricOf(context, analysed) ?? diagnosis;
  if (isAtOtherPlace(analysed, one)) return null;
  if (diagnosis.kind !== 'missing') return diagnosis;
  if (one.store.role === 'embedded') return relativeOf(analysed, one) ?? diagnosis;
  const other = ofOtherVersion(analysed, one);
  if (other) return { kind: 'elsewhere', ...other, known: true, refuses: false };
  const material = one.store.kind === 'secret' ? KEY_MATERIAL[one.store.technology] : undefined;
  if (material) {
    if (isGiven(material, analysed)) return null;
    const kept = keptWith(context, analysed);
    if (kept !== undefined) return { kind: 'key', material, kept };
  }
  if (analysed.service.readOnly && one.backing.type === 'writable-layer') return { kind: 'read-only' };
  const database = EMBEDDED_DATABASES[one.store.technology];
  if (database && analysed.image.match?.family.external?.paths?.includes(one.store.path!)) {
    return mayHaveServer(context, analysed, database) ? null : { kind: 'fallback', database };
  }
  const asymmetric = asymmetricOf(context, analysed);
  if (asymmetric) return asymmetric;
  const partial = partialOf(analysed, one);
  return partial && hasObjectStore(analysed) ? null : (partial ?? diagnosis);
}

/** The key is handed over, in whatever way: by a variable, also one that is set elsewhere, or by a file that it names. */
export const isGiven = (material: KeyMaterial, { environment, service }: AnalysedService): boolean =>
  material.variables.some(
    (name) =>
      (environment.has(name) && !(material.emptyIsNone && emptyEntry(name, service))) ||
      environment.has(`${name}_FILE`),
  ) ||
  (material.variables.length > 0 && service.environmentGaps.length > 0);

/** Where the variable is set to nothing in so many words, and not to what another variable may hold elsewhere. */
export function emptyEntry(name: string, { environment }: Service): EnvironmentEntry | undefined {
  const entry = environment.get(name);
  return entry?.value === '' && !textOf(entry.span).includes('$') ? entry : undefined;
}

/** Where the data lies that the key opens, if that is kept: in the database it uses, in the service itself, or outside the stack. */
function keptWith({ analysed: project }: RuleContext, analysed: AnalysedService): string | undefined {
  const used = usedBy(analysed, project).filter(
    (other) =>
      !isRedisLike(other) && other.stores.some(({ store }) => store.role === 'server' && store.kind === 'essential'),
  );
  if (used.length > 0) return used.find((other) => keptStore(other))?.service.name;
  const own = keptStore(analysed);
  if (own) return own.store.path ?? undefined;
  const { match } = analysed.image;
  const values = valuesOf(analysed);
  return match && isExternal(match, values) === true ? 'its database' : undefined;
}

/** Something that is not seen here, or not read, may name a database server. */
function mayHaveServer({ files }: RuleContext, analysed: AnalysedService, database: EmbeddedDatabase): boolean {
  const { service, image, argv, environment } = analysed;
  if (service.environmentGaps.length > 0) return true;
  const words = flatWords(argv);
  if (database.flags?.some((flag) => flagValue(words, flag) !== undefined)) return true;
  const conditions = image.match?.family.external?.env ?? [];
  const variables = conditions.map((condition) => /^[\w.-]+/.exec(condition)?.[0] ?? '');
  if (variables.some((name) => environment.has(`${name}_FILE`))) return true;
  if (conditions.some((condition) => mayHold(condition, analysed))) return true;
  // Settings that the image was built with stay in it.
  const built = image.stage?.source.text;
  if (built !== undefined && [...variables, ...(database.flags ?? [])].some((name) => built.includes(name)))
    return true;
  const { configuration } = database;
  if (!configuration) return false;
  return (
    configurationFiles(service, words, image.match?.family, files).some(
      ({ mount, source }) =>
        isWithin(configuration.path, mount.target) &&
        (source === null || configured(source, configuration.key) !== undefined),
    ) || service.mounts.some(({ target }) => target === configuration.path)
  );
}

/** Uploads and the like may go to an object store, which these variables tell of. */
const OBJECT_STORE = /(^|_)(S3|GCS|AZURE_STORAGE|OBJECT_STORAGE|OBJECTSTORE)(_|$)/i;

function partialOf(analysed: AnalysedService, one: AnalysedStore): Diagnosis | null {
  if (one.store.kind === 'rebuildable' || one.store.kind === 'cache') return null;
  const kept = keptStore(analysed);
  if (kept?.store.role !== 'server' || kept.store.technology !== one.store.technology) return null;
  return { kind: 'partial', kept };
}

/** What the image would keep in a directory is kept in an object store instead. */
const hasObjectStore = ({ environment }: AnalysedService): boolean =>
  [...environment].some(
    ([name, { value }]) => OBJECT_STORE.test(name) && value !== '' && !/^(false|0|no)$/i.test(value ?? ''),
  );

function asymmetricOf({ analysed: project }: RuleContext, analysed: AnalysedService): Diagnosis | null {
  const id = analysed.image.match?.family.id ?? '';
  for (const stack of STACKS) {
    if (!stack.parts.test(id)) continue;
    for (const hub of project.services) {
      if (!stack.hub.test(hub.image.match?.family.id ?? '') || !names(hub, analysed)) continue;
      const others = project.services.filter(
        (other) =>
          other === hub ||
          (other !== analysed && stack.parts.test(other.image.match?.family.id ?? '') && names(hub, other)),
      );
      const kept = others.find((other) => keptStore(other));
      if (kept) return { kind: 'asymmetric', stack, kept };
    }
  }
  return null;
}

/** A mount that could hold a database file: writable, a folder, and no code. */
export const couldHold = (mount: Mount): boolean =>
  !mount.readOnly &&
  (mount.type === 'volume' || mount.type === 'bind') &&
  mount.source !== undefined &&
  !/[^/]\.[a-z0-9]{1,7}$/i.test(mount.target) &&
  /(^|[/._-])(data|db|database|storage|state|var)([/._-]|$)/i.test(mount.target);

function relativeOf(analysed: AnalysedService, one: AnalysedStore): Diagnosis | null {
  if (one.store.technology !== 'sqlite' || !relativeUrl(analysed, one.store)) return null;
  const mount = analysed.service.mounts.find(couldHold);
  return mount ? { kind: 'relative', mount, sure: knowsWorkdir(analysed) } : null;
}

/** Of an image that the catalogue does not describe that far, the root is only assumed. */
const knowsWorkdir = ({ service, image }: AnalysedService): boolean =>
  service.workingDir !== undefined ||
  image.stage !== undefined ||
  (image.match !== undefined && !image.match.lookalike && image.match.family.workdir !== undefined);

/** Whether an environment condition of the catalogue's language may hold: what is made of unset variables may. */
export function mayHold(condition: string, { environment }: AnalysedService): boolean {
  const values = new Map(
    [...environment].map(([name, { value, evidence }]) => [name, evidence.confidence === 'memory' ? null : value]),
  );
  return environmentHolds(condition, values) !== false;
}
