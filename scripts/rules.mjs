// The list of rules: every file in server/rules/catalog is one rule.
import * as fs from 'node:fs';

const FOLDER = 'server/rules/catalog';
const OUT = 'server/generated/rules.ts';

const camel = (name) => name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());

export async function generateRules() {
  const names = fs
    .readdirSync(FOLDER)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -3))
    .sort();
  const lines = [
    '// Written by scripts/rules.mjs from the files in server/rules/catalog.',
    ...names.map((name) => `import ${camel(name)} from '../rules/catalog/${name}.ts';`),
    "import type { Rule } from '../rules/rule.ts';",
    '',
    `export const RULES: readonly Rule[] = [${names.map(camel).join(', ')}];`,
    '',
  ];
  fs.mkdirSync('server/generated', { recursive: true });
  fs.writeFileSync(OUT, lines.join('\n'));
}
