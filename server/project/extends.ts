/** `extends`: a service laid over another one, of this file or of another. */
import * as path from 'node:path';
import { UnreadableFile } from '../files.ts';
import type { Problem } from '../syntax/source.ts';
import { type Entry, type MapNode, valueOf } from '../syntax/tree.ts';
import { type Loading, loadFile } from './load.ts';
import { mergeNodes } from './merge.ts';
import { asMap, entriesOf, Reader, type Surroundings } from './reader.ts';

/** `root` with the bases of its services merged in. Missing bases and cycles become problems at the reference. */
export function expandServices(loading: Loading, root: MapNode, surroundings: Surroundings): MapNode {
  const services = root.entries.get('services');
  if (!services || !entriesOf(services.value).some(([, entry]) => valueOf(entry.value, 'extends'))) return root;
  const entries = new Map<string, Entry>();
  for (const [name, entry] of entriesOf(services.value)) {
    const node = asMap(entry.value);
    entries.set(name, node ? { ...entry, value: expand(loading, root, name, node, surroundings, []) } : entry);
  }
  const expanded: MapNode = { ...(services.value as MapNode), entries };
  return { ...root, entries: new Map(root.entries).set('services', { ...services, value: expanded }) };
}

function expand(loading: Loading, root: MapNode, name: string, node: MapNode, surroundings: Surroundings, seen: readonly string[]): MapNode {
  const reference = valueOf(node, 'extends');
  if (!reference) return node;
  const own = without(node, 'extends');
  const id = `${root.span.source.path}#${name}`;
  const refuse = (message: string): MapNode => {
    loading.problems.push({ span: reference.span, message } satisfies Problem);
    return own;
  };
  if (seen.includes(id)) return refuse(`the service ${name} extends itself: ${[...seen, id].map((s) => s.split('#')[1]).join(' -> ')}`);
  const reader = new Reader(loading.surroundings);
  const base = reader.text(reference)?.value ?? reader.textAt(reference, 'service')?.value;
  const file = reader.textAt(reference, 'file');
  if (!base) return refuse('extends names no service');
  let baseRoot = root;
  let baseSurroundings = surroundings;
  if (file) {
    if (file.unresolved.length > 0) return refuse(`extends names its file by ${file.unresolved[0]!.variable}, which is not set`);
    const target = path.posix.resolve(surroundings.directory, file.value);
    if (target !== root.span.source.path) {
      baseSurroundings = { directory: path.posix.dirname(target), lookup: surroundings.lookup };
      try {
        baseRoot = loadFile(loading, target, baseSurroundings).root;
      } catch (error) {
        if (!(error instanceof UnreadableFile)) throw error;
        return refuse(`the file ${file.value} ${error.message}`);
      }
    }
  }
  const baseNode = asMap(valueOf(valueOf(baseRoot, 'services'), base));
  if (!baseNode) return refuse(`extends names the service ${base}, which is not in ${file?.value ?? 'this file'}`);
  const whole = expand(loading, baseRoot, base, baseNode, baseSurroundings, [...seen, id]);
  const merged = mergeNodes(whole, own, ['services', name]);
  return asMap(merged) ?? own;
}

function without(node: MapNode, key: string): MapNode {
  const entries = new Map(node.entries);
  entries.delete(key);
  return { ...node, entries };
}
