/** What one Compose file says that decides which others it belongs to. */
import * as path from 'node:path';
import { type Files, UnreadableFile } from '../../files.ts';
import { yamlOf } from '../../project/documents.ts';
import type { Source } from '../../syntax/source.ts';
import { isNull, type Node, valueAt } from '../../syntax/tree.ts';

/** Root mapping of a file that reads as Compose: it has services, or includes others. */
export function composeRoot(files: Files, file: string): Node | null {
  try {
    const { root, refused, source } = yamlOf(files.read(file));
    // Its project says why it is not read.
    if (refused && /^(services|include)\s*:/m.test(source.text)) return nothingAt(source);
    const services = valueAt(root ?? undefined, 'services');
    const looks =
      services?.kind === 'map' ||
      valueAt(root ?? undefined, 'include')?.kind === 'seq' ||
      (services !== undefined && isNull(services));
    return looks ? root : null;
  } catch (error) {
    if (error instanceof UnreadableFile) return null;
    throw error;
  }
}

const nothingAt = (source: Source): Node => ({
  kind: 'map',
  entries: new Map(),
  span: { source, start: 0, end: 0 },
  flow: false,
});

/** Why a file that is called a Compose file cannot be understood at all; null where it can, whatever it says. */
export function unreadable(files: Files, file: string): string | null {
  try {
    const { root, problems, refused } = yamlOf(files.read(file));
    if (refused) return refused;
    const cause = problems[0]?.message;
    return cause !== undefined && (root === null || root.kind === 'scalar') ? `is not YAML: ${cause}` : null;
  } catch (error) {
    if (error instanceof UnreadableFile) return error.message;
    throw error;
  }
}

/** Absolute paths of other files that a Compose file takes in. */
export interface References {
  readonly included: readonly string[];
  readonly extended: readonly string[];
}

const NONE: References = { included: [], extended: [] };
const known = new WeakMap<Source, References>();

export function referencesOf(files: Files, file: string): References {
  const root = composeRoot(files, file);
  if (root === null) return NONE;
  const { source } = root.span;
  let references = known.get(source);
  if (!references) {
    references = read(root, path.posix.dirname(file), file);
    known.set(source, references);
  }
  return references;
}

function read(root: Node, folder: string, file: string): References {
  const resolve = (nodes: readonly (Node | undefined)[]): string[] =>
    nodes
      .flatMap((node) => (node?.kind === 'scalar' && !node.text.includes('$') ? [node.text] : []))
      .map((named) => path.posix.resolve(folder, named))
      .filter((target) => target !== file);
  const services = valueAt(root, 'services');
  const each = services?.kind === 'map' ? [...services.entries.values()].map(({ value }) => value) : [];
  return {
    included: resolve(listOf(valueAt(root, 'include')).flatMap((one) => [one, ...listOf(valueAt(one, 'path'))])),
    extended: resolve(each.map((service) => valueAt(valueAt(service, 'extends'), 'file'))),
  };
}

const listOf = (node: Node | undefined): Node[] =>
  node === undefined ? [] : node.kind === 'seq' ? node.items.map((item) => item.value) : [node];

/**
 * The guess for a variant beside a base when nothing tells how it is run: it stands for itself when every service says
 * what it runs, and no volume is declared by the base alone.
 */
export function standsForItself(own: Node, base: Node | null): boolean {
  const services = valueAt(own, 'services');
  if (services?.kind !== 'map') return true;
  const baseServices = valueAt(base ?? undefined, 'services');
  const baseVolumes = valueAt(base ?? undefined, 'volumes');
  const ownVolumes = valueAt(own, 'volumes');
  for (const [name, { value }] of services.entries) {
    const complete = ['image', 'build', 'extends'].some((key) => valueAt(value, key) !== undefined);
    if (!complete && valueAt(baseServices, name)) return false;
    for (const item of listOf(valueAt(value, 'volumes'))) {
      const source = item.kind === 'scalar' ? /^([A-Za-z0-9][\w.-]*):/.exec(item.text)?.[1] : undefined;
      if (source !== undefined && !valueAt(ownVolumes, source) && valueAt(baseVolumes, source) !== undefined)
        return false;
    }
  }
  return !isSparse(services, baseServices);
}

/** All its services are the base's, and it repeats less than half of what the base says of them: an overlay. */
function isSparse(services: Node, baseServices: Node | undefined): boolean {
  if (services.kind !== 'map' || baseServices?.kind !== 'map') return false;
  let said = 0;
  let repeated = 0;
  for (const [name, { value }] of services.entries) {
    const base = baseServices.entries.get(name)?.value;
    if (base?.kind !== 'map' || value.kind !== 'map') return false;
    said += base.entries.size;
    for (const key of base.entries.keys()) if (value.entries.has(key)) repeated++;
  }
  return repeated * 2 < said;
}
