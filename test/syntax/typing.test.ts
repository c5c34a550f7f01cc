/** What is said of a file while it is typed: nothing new, and of the parts that are not touched what was said before. */
import { describe, expect, test } from 'vitest';
import { diskFiles, overlay } from '../../server/files.ts';
import { createLinter } from '../../server/lint/lint.ts';
import type { Outcome } from '../../server/lint/model.ts';
import { DEFAULT_SETTINGS } from '../../server/lint/settings.ts';
import type { Finding } from '../../server/rules/rule.ts';
import { linesOf, positionAt, rangeOf, type Source } from '../../server/syntax/source.ts';
import { parseYaml } from '../../server/syntax/yaml.ts';
import { FILES } from './typing-files.ts';

const FILE = '/p/compose.yaml';

function lint(text: string): Promise<Outcome> {
  const files = overlay(diskFiles(), new Map<string, Source>([[FILE, { path: FILE, text }]]));
  return createLinter(files).lint({ files: [FILE] }, DEFAULT_SETTINGS);
}

interface Keystroke {
  readonly name: string;
  /** What the line becomes, or what is put above it; `indent` is that of the line. */
  readonly on: (line: string, indent: string) => { readonly replaced?: string; readonly above?: string } | null;
}

const KEYSTROKES: readonly Keystroke[] = [
  { name: 'a half-typed key above', on: (_, indent) => ({ above: `${indent}vol` }) },
  { name: 'a key without its value above', on: (_, indent) => ({ above: `${indent}working_dir:` }) },
  { name: 'a lone dash above', on: (_, indent) => ({ above: `${indent}-` }) },
  { name: 'a lone quote above', on: (_, indent) => ({ above: `${indent}"` }) },
  { name: 'a merge key above', on: (_, indent) => ({ above: `${indent}<<:` }) },
  { name: 'an unclosed block text above', on: (_, indent) => ({ above: `${indent}x-note: |` }) },
  { name: 'a tab above', on: (_, indent) => ({ above: `${indent}\t` }) },
  { name: 'a line with a tab above', on: () => ({ above: '\timage' }) },
  { name: 'the line twice', on: (line) => ({ above: line }) },
  { name: 'an unclosed double quote', on: (line) => opened(line, '"') },
  { name: 'an unclosed single quote', on: (line) => opened(line, "'") },
  { name: 'an unclosed bracket', on: (line) => opened(line, '[') },
  { name: 'an unclosed brace', on: (line) => opened(line, '{') },
  { name: 'no colon', on: (line) => (line.includes(':') ? { replaced: line.replace(/:/, '') } : null) },
  { name: 'half of the line', on: (line) => ({ replaced: line.slice(0, Math.ceil(line.length / 2)) }) },
  { name: 'the last character missing', on: (line) => ({ replaced: line.slice(0, -1) }) },
  { name: 'one space more', on: (line) => ({ replaced: ` ${line}` }) },
  { name: 'one space less', on: (line) => (line.startsWith(' ') ? { replaced: line.slice(1) } : null) },
  { name: 'the quote at the end missing', on: (line) => (/["']$/.test(line) ? { replaced: line.slice(0, -1) } : null) },
  {
    name: 'the bracket at the end missing',
    on: (line) => (/[\]}]$/.test(line) ? { replaced: line.slice(0, -1) } : null),
  },
];

/** A quote or bracket before the value, or behind a key that has none. */
function opened(line: string, mark: string) {
  const match = /^(\s*(?:- )?(?:[\w.-]+:(?: |$)|- ))(.*)$/.exec(line);
  return match ? { replaced: `${match[1]!.trimEnd()} ${mark}${match[2]}` } : null;
}

interface Region {
  readonly service: string | null;
  readonly section: string;
  readonly first: number;
  readonly last: number;
}

/** Which lines belong to which service of a file that parses; others belong to a section. */
function regionsOf(text: string): Region[] {
  const source: Source = { path: FILE, text };
  const { root } = parseYaml(source);
  const regions: Region[] = [];
  if (root?.kind !== 'map') throw new Error('no map');
  const lineOf = (offset: number): number => positionAt(source, offset).line;
  const end = linesOf(source).length;
  const sections = [...root.entries.values()];
  sections.forEach(({ key, value }, index) => {
    const last = (sections[index + 1] ? lineOf(sections[index + 1]!.key.span.start) : end) - 1;
    regions.push({ service: null, section: key.text, first: lineOf(key.span.start), last });
    if (key.text !== 'services' || value.kind !== 'map') return;
    const services = [...value.entries.values()];
    services.forEach((one, at) => {
      const next = services[at + 1];
      regions.push({
        service: one.key.text,
        section: 'services',
        first: lineOf(one.key.span.start),
        last: (next ? lineOf(next.key.span.start) : last + 1) - 1,
      });
    });
  });
  return regions;
}

/** Services that show what another one or a fragment says. */
const LEANING: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  anchors: { 'x-base': ['db', 'other'] },
  extended: { base: ['one', 'two'] },
};

const grave = ({ severity }: Finding): boolean => severity === 'error' || severity === 'warning';

const what = (finding: Finding, shift: (line: number) => number): string => {
  const { start, end } = rangeOf(finding.span);
  return `${finding.service} ${finding.rule} ${finding.severity} ${shift(start.line)}:${start.character}-${shift(end.line)}:${end.character}`;
};

const rule = (finding: Finding): string => `${finding.service} ${finding.rule} ${finding.severity}`;

const cases = Object.entries(FILES).flatMap(([name, text]) =>
  KEYSTROKES.map((keystroke) => ({ name, text, keystroke })),
);

describe.each(cases.map((one) => ({ ...one, title: `${one.name}: ${one.keystroke.name}` })))(
  '$title',
  ({ name, text, keystroke }) => {
    test('at every line', async () => {
      const eol = text.includes('\r') ? '\r\n' : '\n';
      const lines = text.split(eol);
      const regions = regionsOf(text);
      const before = (await lint(text)).findings;
      expect(before.some(grave)).toBe(true);
      const faults: string[] = [];
      for (let at = 0; at < lines.length - 1; at++) {
        const line = lines[at]!;
        // A mark above a service is about the next line: what comes between them parts them.
        if (/^\s*($|#|---)/.test(line) || /^\s*#/.test(lines[at - 1] ?? '')) continue;
        const typed = keystroke.on(line, /^ */.exec(line)![0]);
        if (!typed) continue;
        const middle = typed.above === undefined ? [typed.replaced!] : [typed.above, line];
        const now = [...lines.slice(0, at), ...middle, ...lines.slice(at + 1)].join(eol);
        const added = middle.length - 1;
        const { findings } = await lint(now);
        const sound = parseYaml({ path: FILE, text: now }).problems.length === 0;
        const around = [at - 1, at].filter((one) => one === at || added > 0);
        const touched = regions.filter((region) => around.some((one) => region.first <= one && one <= region.last));
        const touchedNames = new Set(
          touched.flatMap(({ service, section }) => [
            service ?? section,
            ...(LEANING[name]?.[service ?? section] ?? []),
          ]),
        );
        const header = touched[0]?.first === at && touched[0].section === 'services';
        // With one space for each depth, one more or less is another depth.
        if (name === 'one' && keystroke.name.startsWith('one space')) continue;
        if (header && ['half of the line', 'one space more'].includes(keystroke.name)) continue;
        // Which volumes and services there are is not known while their names or images are typed.
        const unsure =
          touchedNames.has('volumes') || touched.some(({ first }) => first === at) || /image:|- db$/.test(line);
        const shift = (one: number): number => (one >= at ? one + added : one);
        const isTouched = ({ service }: Finding): boolean => touchedNames.has(service ?? 'volumes');
        const known = new Set(before.flatMap((finding) => [what(finding, shift), rule(finding)]));
        const news = findings.filter(
          (finding) => grave(finding) && !known.has(isTouched(finding) ? rule(finding) : what(finding, (one) => one)),
        );
        // A file that is sound says what it says, if only of the service that was changed.
        const surprising = news.filter(
          (finding) =>
            !(sound && (isTouched(finding) || (finding.rule === 'undeclared-volume' && touchedNames.has('volumes')))),
        );
        const still = new Set(findings.map((finding) => what(finding, (one) => one)));
        const lost = before.filter(
          (finding) => finding.service !== undefined && !isTouched(finding) && !still.has(what(finding, shift)),
        );
        const missed = lost.filter(({ rule }) => rule !== 'undeclared-volume' || !unsure);
        for (const finding of surprising) faults.push(`line ${at + 1}: new ${what(finding, (one) => one)}`);
        for (const finding of missed) faults.push(`line ${at + 1}: lost ${what(finding, shift)}`);
      }
      expect(faults).toEqual([]);
    });
  },
);
