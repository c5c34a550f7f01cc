// Writes what repeats the rules: their pages, the table in the README, the settings schema.
import * as fs from 'node:fs';
import { importBundled } from './bundled.mjs';
import { generateSettings } from './settings.mjs';

const SAFETY = {
  safe: 'Its fix is **safe**: it may be applied by fix-all and on save.',
  migration:
    'Its fix is a **migration**: it changes where existing data is looked for, so it is offered one by one and comes with the steps that carry the data over.',
  both: 'It offers a **safe** fix and a **migration**: the first may be applied by fix-all, the second only by hand and with its steps.',
  none: 'It offers no fix.',
};

function page(rule, fenced) {
  const parts = [
    `# ${rule.name}`,
    `<!-- Written by scripts/docs.mjs from server/rules/catalog/${rule.name}.ts -->`,
    rule.summary,
    `Severity: **${rule.severity}** · since ${rule.since}`,
    '## Why',
    rule.rationale,
    '## Example',
    fenced(rule, rule.bad),
    'Use instead:',
    fenced(rule, rule.good),
    '## Fix',
    SAFETY[rule.fixSafety] + (rule.fixNote ? ` ${rule.fixNote}` : ''),
    '## Silence it',
    `On one line: \`# persistence-ignore ${rule.name} -- reason\`. In a file: \`# persistence-ignore-file ${rule.name}\`. Everywhere: \`rules: {${rule.name}: off}\` in \`.compose-persistence.yaml\`.`,
    ...(rule.references?.length ? ['## References', rule.references.map((url) => `- <${url}>`).join('\n')] : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

function write(file, text) {
  const before = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : null;
  if (before !== text) fs.writeFileSync(file, text);
}

function table(rules) {
  const rows = rules.map(
    (rule) => `| [${rule.name}](docs/rules/${rule.name}.md) | ${rule.severity} | ${rule.fixSafety} | ${rule.summary} |`,
  );
  return ['| rule | severity | fix | finds |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

export async function generateDocs() {
  const { RULES: rules } = await importBundled('server/generated/rules.ts');
  const { fenced } = await importBundled('server/rules/example.ts');
  fs.mkdirSync('docs/rules', { recursive: true });
  for (const rule of rules) write(`docs/rules/${rule.name}.md`, page(rule, fenced));
  for (const file of fs.readdirSync('docs/rules')) {
    if (file.endsWith('.md') && !rules.some((rule) => `${rule.name}.md` === file)) fs.rmSync(`docs/rules/${file}`);
  }
  const readme = fs.readFileSync('README.md', 'utf8');
  write(
    'README.md',
    readme.replace(
      /(<!-- rules -->\n)[\s\S]*?(\n<!-- \/rules -->)/,
      (_, open, close) => `${open}${table(rules)}${close}`,
    ),
  );
  generateSettings(rules);
}
