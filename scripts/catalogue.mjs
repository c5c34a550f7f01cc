// The catalogue as one module: every file in server/catalogue/data, checked against the schema and against each other.
import * as fs from 'node:fs';
import * as path from 'node:path';
import Ajv from 'ajv';
import { LineCounter, parseDocument } from 'yaml';
import { withFields } from './catalogue-doc.mjs';

const FOLDER = 'server/catalogue/data';
const SCHEMA = 'server/catalogue/schema.json';
const OUT = 'server/generated/catalogue.ts';
const DOCUMENT = 'docs/catalogue.md';
const FAMILIES = 'server/generated/families.jsonl';

/** What a file may leave out. */
const DEFAULTS = {
  data: [],
  volumes: [],
  relocations: [],
  wrongMounts: [],
  users: [],
  serverCommands: [],
  backup: [],
  ports: [],
  sources: [],
  notes: [],
};

export async function generateCatalogue() {
  const { families, problems, warnings } = readFamilies(readFolder(FOLDER));
  for (const warning of warnings) console.warn(warning);
  if (problems.length > 0) throw new Error(`the catalogue is not in order:\n${problems.join('\n')}`);
  const index = families.map(({ id, state, images }, i) => `${i} ${id} ${state} ${images.join(' ')} `).join('\n');
  const lines = [
    '// Written by scripts/catalogue.mjs from the files in server/catalogue/data.',
    '/** Number, id, state and repositories of each family. */',
    `export const INDEX: string = ${JSON.stringify(index)};`,
    '',
  ];
  fs.mkdirSync(path.dirname(OUT), { recursive: true });
  fs.writeFileSync(OUT, lines.join('\n'));
  // One family a line, in the order of the index, so that each can be read on its own.
  fs.writeFileSync(FAMILIES, families.map((family) => JSON.stringify(family)).join('\n'));
  const schema = JSON.parse(fs.readFileSync(SCHEMA, 'utf8'));
  fs.writeFileSync(DOCUMENT, withFields(fs.readFileSync(DOCUMENT, 'utf8'), schema));
}

export function readFolder(folder) {
  return fs
    .readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => ({ file: path.posix.join(folder, file), text: fs.readFileSync(path.join(folder, file), 'utf8') }));
}

let compiled;

function validator() {
  compiled ??= new Ajv({ allErrors: true, strict: true, strictRequired: false }).compile(
    JSON.parse(fs.readFileSync(SCHEMA, 'utf8')),
  );
  return compiled;
}

/** Families with nothing left out, and what is wrong with the files: `file: place: cause`. */
export function readFamilies(files) {
  const valid = validator();
  const families = [];
  const problems = [];
  const warnings = [];
  for (const { file, text } of files) {
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
    for (const error of document.errors) problems.push(`${file}:${lines.linePos(error.pos[0]).line}: ${error.message}`);
    if (document.errors.length > 0) continue;
    const facts = document.toJS();
    if (!valid(facts)) problems.push(...reasons(valid.errors).map((reason) => `${file}: ${reason}`));
    else families.push({ file, family: complete(path.basename(file, '.yaml'), facts) });
  }
  for (const { file, family } of families) problems.push(...contradictions(family).map((cause) => `${file}: ${cause}`));
  problems.push(...collisions(families));
  const ids = new Set(families.map(({ family }) => family.id));
  for (const { file, family } of families) {
    if (family.derivesFrom && !ids.has(family.derivesFrom))
      warnings.push(`${file}: derivesFrom: no family is called ${family.derivesFrom}`);
  }
  return { families: families.map(({ family }) => family), problems, warnings };
}

function reasons(errors) {
  const noise = new Set(['if']);
  return errors
    .filter((error) => !noise.has(error.keyword))
    .map(({ instancePath, message, params }) => {
      const more = params.additionalProperty ?? params.allowedValues?.join(', ');
      return `${instancePath || '/'}: ${message}${more === undefined ? '' : ` (${more})`}`;
    });
}

function complete(name, facts) {
  const durability = { requires: [], weakenedBy: [], ...(facts.durability ?? { default: 'none' }) };
  const stop = { signal: 'SIGTERM', ...facts.stop };
  return { id: name, ...DEFAULTS, ...facts, durability, stop, singleWriter: facts.singleWriter ?? { value: false } };
}

/** What the schema cannot see in one file. */
function contradictions(family) {
  const causes = [];
  const paths = new Set(family.data.map((fact) => fact.path));
  const stem = family.id;
  if (!/^[a-z0-9.-]+$/.test(stem)) causes.push(`the file name is no id: ${stem}`);
  family.relocations.forEach((move, i) => {
    if (move.moves !== undefined && !paths.has(move.moves))
      causes.push(`/relocations/${i}/moves: no data path is ${move.moves}`);
  });
  for (const one of family.external?.paths ?? [])
    if (!paths.has(one)) causes.push(`/external/paths: no data path is ${one}`);
  for (const [list, facts] of conditionalFacts(family)) {
    facts.forEach((fact, i) => {
      if (fact.when?.version && isEmptyRange(fact.when.version))
        causes.push(`/${list}/${i}/when/version: no version is in ${fact.when.version}`);
      causes.push(...badPatterns([fact.when?.env ?? '']).map((cause) => `/${list}/${i}/when/env: ${cause}`));
    });
    causes.push(...twice(facts, list));
  }
  causes.push(...badPatterns(family.external?.env ?? []).map((cause) => `/external/env: ${cause}`));
  return causes;
}

const conditionalFacts = (family) =>
  ['data', 'volumes', 'relocations', 'wrongMounts', 'users'].map((list) => [list, family[list]]);

function twice(facts, list) {
  const seen = new Set();
  return facts.flatMap((fact, i) => {
    const key = JSON.stringify([fact.path ?? fact.key ?? fact.start, fact.run, fact.by, fact.moves, fact.when]);
    if (seen.has(key)) return [`/${list}/${i}: stands there twice`];
    seen.add(key);
    return [];
  });
}

function badPatterns(conditions) {
  return conditions.flatMap((condition) =>
    condition.split(' and ').flatMap((term) => {
      const pattern = / ~ (.+)$/.exec(term)?.[1];
      try {
        if (pattern !== undefined) new RegExp(pattern, 'i');
        return [];
      } catch (error) {
        return [error.message];
      }
    }),
  );
}

/** `>=3 <2`: the bounds leave nothing between them. */
function isEmptyRange(range) {
  const bounds = range.split(' ').map((comparator) => /^(\D+)(.+)$/.exec(comparator).slice(1));
  const lower = bounds.filter(([operator]) => operator !== '<' && operator !== '<=');
  const upper = bounds.filter(([operator]) => operator === '<' || operator === '<=' || operator === '=');
  return lower.some(([from, low]) =>
    upper.some(([to, high]) => {
      const order = compare(low, high);
      return order > 0 || (order === 0 && (from === '>' || to === '<'));
    }),
  );
}

function compare(a, b) {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    if ((left[i] ?? 0) !== (right[i] ?? 0)) return (left[i] ?? 0) - (right[i] ?? 0);
  }
  return 0;
}

/** Ids and repositories that two files claim. */
function collisions(families) {
  const problems = [];
  const ids = new Map();
  const repositories = new Map();
  const claim = (known, key, file, what) => {
    const first = known.get(key);
    if (first === undefined) known.set(key, file);
    else problems.push(`${file}: ${what} ${key} already belongs to ${first}`);
  };
  for (const { file, family } of families) {
    if (family.id !== path.basename(file, '.yaml')) problems.push(`${file}: /id: ${family.id} is not the file's name`);
    claim(ids, family.id, file, 'the id');
    for (const image of family.images) claim(repositories, image, file, 'the repository');
  }
  return problems;
}
