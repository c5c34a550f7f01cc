import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Lexer, parse, parseAllDocuments } from 'yaml';
import { applyEdits } from '../../server/fixes/edits.ts';
import { addListItem, removeListItem } from '../../server/fixes/list.ts';
import { addMapEntry, removeMapEntry } from '../../server/fixes/map.ts';
import { addNamedVolume } from '../../server/fixes/named-volume.ts';
import { readsAsString, scalarText } from '../../server/fixes/quoting.ts';
import type { Edit } from '../../server/rules/rule.ts';
import { composeFile } from './generate.ts';
import { projectOf, type Read, read, serviceIn } from './helpers.ts';

const FILE = '/project/compose.yaml';
const RUNS = { seed: 20_260_301, numRuns: Number(process.env.PROPERTY_RUNS ?? 150) };

type Plain = Record<string, unknown>;
type Yaml = { services: { db: Plain }; volumes?: Plain | null };

/** Shared values apart, so that a change of one is a change of one. */
function load(text: string): Yaml {
  const documents = parseAllDocuments(text, { merge: true });
  expect(documents.flatMap((document) => document.errors)).toEqual([]);
  const value = (documents as { toJS: () => unknown }[])[0]!.toJS();
  return JSON.parse(JSON.stringify(value)) as Yaml;
}

const comments = (text: string): string[] => [...new Lexer().lex(text)].filter((token) => token.startsWith('#')).sort();

/** Lines with their ends that no edit reaches into; an insert that starts a new line leaves the one it stands behind. */
function untouched(text: string, edits: readonly Edit[]): string[] {
  const starts = [0, ...[...text.matchAll(/\n/g)].map((match) => match.index + 1)];
  return starts.flatMap((start, i) => {
    const end = starts[i + 1] ?? text.length;
    const touched = edits.some((edit) => {
      if (edit.start !== edit.end) return edit.start < end && start < edit.end;
      const content = text.slice(start, end).replace(/\r?\n$/, '').length + start;
      return edit.start > start && (edit.start < content || (edit.start === content && !/^\r?\n/.test(edit.newText)));
    });
    return touched ? [] : [text.slice(start, end).replace(/\r?\n$/, '')];
  });
}

function isSubsequence(parts: readonly string[], whole: readonly string[]): boolean {
  let at = 0;
  for (const line of whole) if (at < parts.length && parts[at] === line) at++;
  return at === parts.length;
}

interface Tally {
  made: number;
  refused: number;
}

/** Checks one change to one generated file: exactly the addition, and nothing else. */
function check(
  text: string,
  edits: readonly Edit[] | null | undefined,
  add: (yaml: Yaml) => unknown,
  tally: Tally,
): void {
  if (!edits) {
    tally.refused++;
    return;
  }
  tally.made++;
  const result = applyEdits(text, edits);
  const expected = load(text);
  add(expected);
  expect(load(result)).toEqual(expected);
  expect(comments(result)).toEqual(comments(text));
  expect(isSubsequence(untouched(text, edits), result.split(/\r?\n/))).toBe(true);
  expect(/\n$/.test(result)).toBe(/\n$/.test(text));
  if (text.includes('\r\n')) expect(result.replaceAll('\r\n', '')).not.toContain('\n');
  else expect(result).not.toContain('\r');
}

function property(name: string, change: (text: string, tally: Tally) => void, atLeast = 0.8): void {
  test(name, () => {
    const tally = { made: 0, refused: 0 };
    fc.assert(
      fc.property(composeFile, (text) => change(text, tally)),
      RUNS,
    );
    expect(tally.made / (tally.made + tally.refused)).toBeGreaterThan(atLeast);
  });
}

const hasDb = (file: Read): boolean => file.at('services', 'db').kind === 'map';
const append = (owner: Plain, key: string, item: string): void => {
  owner[key] = [...((owner[key] as unknown[] | null) ?? []), item];
};

describe('random files', () => {
  test('are Compose files without errors', () => {
    fc.assert(
      fc.property(composeFile, (text) => {
        expect(load(text).services).toHaveProperty('db');
      }),
      RUNS,
    );
  });

  property('addListItem adds exactly the item', (text, tally) => {
    const file = read(text);
    if (!hasDb(file)) return;
    for (const [key, item] of [
      ['volumes', 'db_data:/data'],
      ['ports', '5432:5432'],
      ['tmpfs', `\${X}: {a}, # b`],
    ] as const) {
      const edits = addListItem(file.map('services', 'db'), key, item, file.source);
      check(text, edits, (yaml) => append(yaml.services.db, key, item), tally);
    }
  });

  property('addMapEntry adds exactly the entry', (text, tally) => {
    const file = read(text);
    if (!hasDb(file)) return;
    const db = file.map('services', 'db');
    const grace = ({ services }: Yaml): unknown => Object.assign(services.db, { stop_grace_period: '1m' });
    check(text, addMapEntry(db, 'stop_grace_period', '1m', file.source), grace, tally);
    check(text, addMapEntry(db, 'stop_grace_period', '1m', file.source, 'start'), grace, tally);
    for (const where of ['start', 'end'] as const) {
      const name = (yaml: Yaml): unknown => Object.assign(yaml, { name: 'no' });
      check(text, addMapEntry(file.root, 'name', 'no', file.source, where), name, tally);
    }
  });

  property('addNamedVolume adds exactly the mount and the key', (text, tally) => {
    const project = projectOf({ [FILE]: text });
    const added = addNamedVolume(project, serviceIn(project, 'db'), '/data');
    const add = (yaml: Yaml): void => {
      append(yaml.services.db, 'volumes', `${added!.volume}:/data`);
      yaml.volumes = { ...yaml.volumes, [added!.volume]: null };
    };
    check(text, added?.edits, add, tally);
  });

  property(
    'removeListItem removes exactly the item',
    (text, tally) => {
      const file = read(text);
      const volumes = hasDb(file) ? file.map('services', 'db').entries.get('volumes')?.value : undefined;
      if (volumes?.kind !== 'seq' || volumes.items.length === 0) return;
      for (const index of volumes.items.keys())
        removes(text, removeListItem(volumes, index), ['volumes', index], tally);
    },
    0.4,
  );

  property('removeMapEntry removes exactly the entry', (text, tally) => {
    const file = read(text);
    if (!hasDb(file)) return;
    const db = file.map('services', 'db');
    if (db.entries.size < 2) return;
    for (const [key, entry] of db.entries) if (!entry.inherited) removes(text, removeMapEntry(db, key), [key], tally);
  });
});

/** What is left is what was there without that one value, and every comment that does not stand on its lines. */
function removes(text: string, edits: readonly Edit[] | null, path: [string, number?], tally: Tally): void {
  if (!edits) {
    tally.refused++;
    return;
  }
  tally.made++;
  const result = applyEdits(text, edits);
  const expected = load(text);
  const [key, index] = path;
  if (index === undefined) delete expected.services.db[key];
  else (expected.services.db[key] as unknown[]).splice(index, 1);
  expect(load(result)).toEqual(expected);
  expect(/\n$/.test(result)).toBe(/\n$/.test(text));
  const kept = comments(result);
  const removed = edits.map((edit) => text.slice(edit.start, edit.end)).join('\n');
  for (const each of comments(text)) if (!kept.includes(each)) expect(removed).toContain(each);
}

describe('scalarText', () => {
  const words = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: fc.constantFrom(...'ab01.:-#"\'\\ {}[],&*!|>%@`$~?=<\n\t_eExo+') }),
  );
  test('is read back as the same string, in both styles and both versions of YAML', () => {
    fc.assert(
      fc.property(words, fc.constantFrom('"' as const, "'" as const, '' as const), (text, quote) => {
        for (const version of ['1.1', '1.2'] as const) {
          expect(parse(`a:\n  - ${scalarText(text, false, quote)}\n`, { version })).toEqual({ a: [text] });
          expect(parse(`a: [${scalarText(text, true, quote)}, b]\n`, { version })).toEqual({ a: [text, 'b'] });
          if (text.length < 500) expect(parse(`${scalarText(text, false)}: a\n`, { version })).toEqual({ [text]: 'a' });
        }
      }),
      { seed: 7, numRuns: 2000 },
    );
  });
  test('knows what YAML 1.1 and 1.2 take for something else', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789.:-+_eExXaboynf'), maxLength: 6 }), (text) => {
        if (!/^[\w.]/.test(text) || /[:]$/.test(text) || !readsAsString(text)) return;
        for (const version of ['1.1', '1.2'] as const) expect(parse(`- ${text}\n`, { version })).toEqual([text]);
      }),
      { seed: 8, numRuns: 5000 },
    );
  });
});
