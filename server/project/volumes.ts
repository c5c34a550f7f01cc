/** Top-level volumes. */
import { valueAt as child, type Entry, type Node } from '../syntax/tree.ts';
import type { TopLevelVolume } from './model.ts';
import { absoluteSource } from './paths.ts';
import { asMap, entriesOf, isTrue, type Reader } from './reader.ts';

export function readTopLevelVolumes(reader: Reader, root: Node, projectName: string): Map<string, TopLevelVolume> {
  const volumes = new Map<string, TopLevelVolume>();
  for (const [key, entry] of entriesOf(child(root, 'volumes')))
    volumes.set(key, readVolume(reader, key, entry, projectName));
  return volumes;
}

function readVolume(reader: Reader, key: string, entry: Entry, projectName: string): TopLevelVolume {
  const node = entry.value;
  const externalNode = child(node, 'external');
  const external = externalNode?.kind === 'map' || isTrue(reader.text(externalNode)?.value);
  const name = reader.textAt(node, 'name')?.value ?? reader.textAt(externalNode, 'name')?.value;
  const driver = reader.textAt(node, 'driver')?.value;
  const strings = (part: string): Map<string, string> =>
    new Map([...reader.mapping(child(node, part))].map(([option, { value }]) => [option, value ?? '']));
  const driverOpts = strings('driver_opts');
  const device = reader.textAt(child(node, 'driver_opts'), 'device');
  if (device && driver === 'local' && driverOpts.get('o') === 'bind') {
    driverOpts.set('device', absoluteSource(device.value, reader.surroundingsOf(device.scalar)));
  }
  return {
    key,
    name: name ?? (external ? key : `${projectName}_${key}`),
    external,
    driverOpts,
    labels: strings('labels'),
    span: entry.key.span,
    entrySpan: {
      source: entry.key.span.source,
      start: entry.key.span.start,
      end: Math.max(entry.key.span.end, node.span.end),
    },
    node: asMap(node) ?? null,
    ...(driver !== undefined ? { driver } : {}),
  };
}
