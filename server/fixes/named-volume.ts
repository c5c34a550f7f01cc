/** New named volumes: the mount and the top-level key. */
import { parse, stringify } from 'yaml';
import type { Project, Service } from '../project/model.ts';
import type { Edit } from '../rules/rule.ts';
import type { Source } from '../syntax/source.ts';
import { isNull, type MapNode } from '../syntax/tree.ts';
import { joinInserts, removeRange } from './edits.ts';
import { indentation } from './indentation.ts';
import { isBroken, isShared } from './layout.ts';
import { addListItem } from './list.ts';
import { appendEntry, behindColon, fillNull, insertLines, isEditable, keyQuote, type NewValue } from './places.ts';
import { scalarText } from './quoting.ts';

/**
 * Adds `name:` under the top-level `volumes:`, which is created at the end of the document where it is absent. `body`
 * holds the lines below the name, in YAML with an indentation of two. Null where the name is there already, where
 * `volumes:` is an alias, shared by an anchor or no map, and where the text around is broken.
 */
export function addTopLevelVolume(
  root: MapNode,
  source: Source,
  name: string,
  body: readonly string[] = [],
): Edit[] | null {
  if (!isEditable(source, root)) return null;
  const entry = root.entries.get('volumes');
  const { step } = indentation(source, root);
  if (!entry) return appendEntry(source, root, 'volumes', nested(root, name, body, step));
  const { value } = entry;
  if (entry.inherited || entry.alias || value.tag === '!reset' || isShared(source, value.span.start)) return null;
  if (isBroken(source, entry.key.span.start, entry.key.span.end)) return null;
  if (isNull(value)) return fillNull(source, root, entry, nested(root, name, body, step));
  if (value.kind !== 'map' || value.entries.has(name) || !isEditable(source, value)) return null;
  const colon = behindColon(source, entry);
  if (value.flow && value.entries.size === 0 && !root.flow && colon !== undefined) {
    // empty braces are no style: a map without entries can be written in no other way
    const gap = source.text.slice(colon, value.span.start);
    if (/^ *$/.test(gap) && /^\{\s*\}$/.test(source.text.slice(value.span.start, value.span.end))) {
      const tail = { offset: value.span.end, block: false, keep: false };
      const lines = nested(root, name, body, step).lines.map(
        (line) => ' '.repeat(indentation(source, root).column) + line,
      );
      const below = insertLines(source, tail, indentation(source, root).column + 1, lines);
      return below && joinInserts([removeRange(source, colon, value.span.end), below]);
    }
  }
  const inner = indentation(source, value).step;
  return appendEntry(source, value, name, { head: '', lines: reindent(body, inner), flow: flowBody(value, body) });
}

/** The whole value of a new `volumes:`. */
function nested(root: MapNode, name: string, body: readonly string[], step: number): NewValue {
  const pad = ' '.repeat(step);
  const quote = root.flow ? keyQuote(root) : '';
  return {
    head: '',
    lines: [`${pad}${scalarText(name, false)}:`, ...reindent(body, step).map((line) => pad + line)],
    flow: `{${scalarText(name, true, quote)}: ${flowBody(root, body)}}`,
  };
}

/** Lines below a key: from an indentation of two to one of `step`, and one step deeper. */
const reindent = (body: readonly string[], step: number): string[] =>
  body.map((line) => {
    const depth = /^ */.exec(line)![0].length;
    return ' '.repeat(step + (depth / 2) * step) + line.slice(depth);
  });

function flowBody(map: MapNode, body: readonly string[]): string {
  if (body.length === 0) return 'null';
  const json = map.flow && keyQuote(map) === '"';
  const value = parse(body.join('\n'));
  return json
    ? JSON.stringify(value)
    : stringify(value, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: false }).trim();
}

/**
 * Mounts a new named volume at `target` and declares it, both in the file that declares the service first. `hint` is the
 * key to use where it is free. Null where `target` is mounted already, where the service is broken, is written as an
 * alias or lends its mounts to others (an anchor, `extends`), and where one of the two edits cannot be made.
 */
export function addNamedVolume(
  project: Project,
  service: Service,
  target: string,
  hint?: string,
): { edits: Edit[]; volume: string } | null {
  const { node, source } = service.declarations[0];
  const root = project.roots.get(source.path);
  if (!node || !root || service.broken || lendsMounts(project, service)) return null;
  if (service.mounts.some((mount) => mount.target === target && mount.from === 'volumes')) return null;
  const volume = newVolumeName(project, service, target, hint);
  const mount = addListItem(node, 'volumes', `${volume}:${target}`, source);
  const declaration = mount && addTopLevelVolume(root, source, volume);
  return declaration && { edits: joinInserts([...mount, ...declaration]), volume };
}

/** Another service extends this one: it would mount the same data. */
function lendsMounts(project: Project, service: Service): boolean {
  const { key } = service.declarations[0];
  return [...project.services, ...project.inactive].some(
    (other) =>
      other.name !== service.name &&
      other.declarations.some((one) => one.source.path === key.source.path && one.key.start === key.start),
  );
}

/**
 * A key no file of the project uses yet: `hint`, `<service>_data`, `<service>_<last part of target>`, the last two parts,
 * then numbered.
 */
export function newVolumeName(project: Project, service: Service, target: string, hint?: string): string {
  const taken = takenNames(project);
  const free = (name: string): boolean => !taken.has(name) && !taken.has(`${project.name}_${name}`);
  // Hidden folders give their name without the dot.
  const parts = target.split('/').flatMap((part) => part.replace(/^\.+/, '') || []);
  const base = volumeKey(service.name);
  const names = [`${base}_data`, `${base}_${parts.slice(-1).join('_')}`, `${base}_${parts.slice(-2).join('_')}`].map(
    volumeKey,
  );
  const found = [...(hint ? [volumeKey(hint)] : []), ...names].find(free);
  if (found !== undefined) return found;
  for (let i = 2; ; i++) if (free(`${base}_data_${i}`)) return `${base}_data_${i}`;
}

/** In the alphabet of Docker's volume names, which start with a letter or a digit. */
function volumeKey(text: string): string {
  return (
    text
      .replace(/[^a-zA-Z0-9._-]+/g, '_')
      .replace(/^[._-]+/, '')
      .replace(/_+$/, '') || 'data'
  );
}

const takenBy = new WeakMap<Project, ReadonlySet<string>>();

/** Keys and names on the engine, declared or only mounted; read once a project. */
function takenNames(project: Project): ReadonlySet<string> {
  let taken = takenBy.get(project);
  if (!taken) {
    taken = readNames(project);
    takenBy.set(project, taken);
  }
  return taken;
}

function readNames(project: Project): Set<string> {
  const taken = new Set<string>();
  for (const volume of project.volumes.values()) taken.add(volume.key).add(volume.name);
  for (const root of project.roots.values()) {
    const volumes = root.entries.get('volumes')?.value;
    if (volumes?.kind === 'map') for (const key of volumes.entries.keys()) taken.add(key);
  }
  for (const service of [...project.services, ...project.inactive]) {
    for (const { type, source } of [...service.mounts, ...service.replacedMounts.map(({ mount }) => mount)]) {
      if (type === 'volume' && source !== undefined) taken.add(source);
    }
  }
  return taken;
}
