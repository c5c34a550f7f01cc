/** What colors the volume strings of Compose files, inside each grammar of YAML that people have. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { grammarText } from '../../scripts/compose-volumes.mjs';
import { countOf, failures, parse } from './assertions.ts';
import { type Line, tokenizer, YAML } from './registry.ts';
import { render } from './render.ts';

const read = (name: string): string => fs.readFileSync(path.join(import.meta.dirname, name), 'utf8');

const OURS = /^(string\.other|entity\.name\.type\.volume|variable\.other\.path|constant\.language\.option)\..*compose$/;

/** The lines on which a part of a volume string is colored. */
const colored = (lines: readonly Line[]): string[] =>
  lines
    .filter(({ tokens }) => tokens.some(({ scopes }) => scopes.some((scope) => OURS.test(scope))))
    .map(({ text }) => text.trim());

/** Whether the line is the key of a list of volumes or stands below one. */
const belongs = ({ text, tokens }: Line): boolean =>
  /^ +"?volumes"?:/.test(text) || tokens.some(({ scopes }) => scopes.includes('meta.volumes.compose'));

const FILES = ['compose/volumes.txt', 'compose/near-misses.txt'];

it('the grammar is the generated one', () => {
  expect(read('../../syntaxes/compose-volumes.injection.tmLanguage.json')).toBe(grammarText());
});

describe.each(YAML)('volume strings in %s', async (name, grammar) => {
  const tokenize = await tokenizer('source.yaml', grammar);

  it('are told apart, part by part', () => {
    const parsed = parse(read(FILES[0]!));
    expect(countOf(parsed)).toBeGreaterThan(80);
    expect(failures(parsed, tokenize)).toEqual([]);
  });

  it('are not seen where there are none', () => {
    const { source } = parse(read(FILES[1]!));
    expect(source.length).toBeGreaterThan(70);
    expect(colored(tokenize(source))).toEqual([]);
  });

  it('leave the rest of a file as it was', async () => {
    const plain = await tokenizer('source.yaml', grammar, false);
    const source = FILES.flatMap((file) => parse(read(file)).source);
    const before = plain(source);
    const now = tokenize(source);
    const changed = now.filter((line, index) => render([line]) !== render([before[index]!]));
    expect(changed.filter((line) => !belongs(line)).map(({ text }) => text)).toEqual([]);
    expect(changed.length).toBeGreaterThan(30);
  });

  it('are colored in a whole file as before', async () => {
    const lines = tokenize(read('whole/compose.yaml').split('\n'));
    const file = name.startsWith('the YAML of VS Code') ? 'vscode' : 'yaml-extension';
    await expect(render(lines)).toMatchFileSnapshot(`whole/compose.${file}.snap`);
  });
});
