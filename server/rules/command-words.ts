/** Words taken out of a service's `command:`. */
import { joinRemovals, removeRange } from '../fixes/edits.ts';
import { removeFromFlow } from '../fixes/flow.ts';
import { isBroken, isShared } from '../fixes/layout.ts';
import { removeListItem } from '../fixes/list.ts';
import { removeMapEntry } from '../fixes/map.ts';
import { entryAt, removeUnitLine } from '../fixes/unit-lines.ts';
import type { Service, Words } from '../project/model.ts';
import { ownEntries, type QuadletUnit } from '../project/quadlet/model.ts';
import type { Edit } from './rule.ts';

/** Where the word that `find` picks stands in the command; undefined where the words cannot be told apart. */
export function wordSpan({ command }: Service, index: number) {
  return command?.spans[index] ?? command?.span;
}

/** The command without the words at `indexes` (in order); null where they cannot be taken out alone. */
export function withoutWords(service: Service, indexes: readonly number[]): Edit[] | null {
  const { command } = service;
  if (service.unit) return withoutUnitWords(service.unit, command, indexes);
  const declaration = service.declarations.findLast(({ node }) => node?.entries.has('command'));
  const owner = declaration?.node;
  const entry = owner?.entries.get('command');
  if (!command || !owner || !entry || entry.inherited || entry.alias || command.unresolved.length > 0) return null;
  if (indexes.length === command.words.length) return removeMapEntry(owner, 'command');
  const { value } = entry;
  if (value.kind === 'map') return null;
  if (value.kind === 'seq') {
    if (value.items.length !== command.words.length) return null;
    if (value.flow) return removeFromFlow(value.span, indexes);
    const edits = indexes.map((index) => removeListItem(value, index));
    return edits.includes(null) ? null : joinRemovals((edits as Edit[][]).flat());
  }
  const { source } = value.span;
  if (isShared(source, value.span.start, value.span.end) || isBroken(source, value.span.start, value.span.end))
    return null;
  const runs: Edit[] = [];
  for (const index of indexes) {
    const span = command.spans[index];
    const before = command.spans[index - 1];
    const after = command.spans[index + 1];
    if (!span || span === command.span) return null;
    const start = before && before !== command.span ? before.end : span.start;
    const end = before ? span.end : (after?.start ?? span.end);
    if (/[\n]/.test(source.text.slice(start, end))) return null;
    runs.push(removeRange(source, start, end));
  }
  return joinRemovals(runs);
}

/** Words of `Exec=`, each with the space in front of it. Null where one is quoted, or stands on a line of its own. */
function withoutUnitWords(
  unit: QuadletUnit,
  command: Words | null | undefined,
  indexes: readonly number[],
): Edit[] | null {
  if (!command || unit.broken || command.unresolved.length > 0) return null;
  if (indexes.length === command.words.length) {
    const exec = ownEntries(unit).filter(({ key }) => key === 'Exec');
    const entry = exec.length === 1 ? entryAt(unit, command.span, ['Exec']) : undefined;
    return entry ? removeUnitLine(entry) : null;
  }
  const edits: Edit[] = [];
  for (const index of indexes) {
    const span = command.spans[index];
    const before = index === 0 ? span?.start : command.spans[index - 1]?.end;
    if (!span || before === undefined) return null;
    const { source, end } = span;
    const removed = source.text.slice(before, end);
    if (removed.trim() !== command.words[index] || /[\r\n]/.test(removed) || !/^(\s|$)/.test(source.text.slice(end)))
      return null;
    edits.push(removeRange(source, before, end));
  }
  return joinRemovals(edits);
}
