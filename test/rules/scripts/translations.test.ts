/** Which documents are translations of which, and of which commands one telling is enough. */
import { expect, test } from 'vitest';
import { isTranslated } from '../../../server/rules/scripts/translations.ts';
import { memory } from '../../lint/memory.ts';

const COMMAND = 'docker compose down -v';
const text = (line: string): string => `# Upgrade\n\n\`\`\`sh\n${line}\n\`\`\`\n`;

function translated(original: string, translation: string, [one, other] = [COMMAND, COMMAND]): boolean {
  const files = memory({ [original]: text(one), [translation]: text(other) });
  const source = files.read(`/w/${translation}`);
  const start = source.text.indexOf('-v');
  return isTranslated({ source, start, end: start + 2 }, files);
}

test.each([
  ['README.md', 'README.zh-CN.md'],
  ['README.md', 'README_ja.md'],
  ['README.md', 'README-pt_BR.md'],
  ['README.md', 'README.zh-Hans.md'],
  ['README.md', 'docs/README_ko.md'],
  ['README.md', 'docs/translations/README.fr.md'],
  ['README.en.md', 'README.de.md'],
  ['docs/upgrade.md', 'docs/fr/upgrade.md'],
  ['docs/en/upgrade.md', 'docs/zh-cn/upgrade.md'],
  ['docs/en-US/a/upgrade.md', 'docs/es/a/upgrade.md'],
  ['docs/upgrade.md', 'docs/en/upgrade.md'],
  ['docs/guide/upgrade.md', 'i18n/de/docusaurus-plugin-content-docs/current/guide/upgrade.md'],
])('of %s: %s', (original, translation) => {
  expect([translated(original, translation), translated(translation, original)]).toEqual([true, false]);
});

test('what is said about a command is another in each language, and prompts are no part of it', () => {
  expect(translated('README.md', 'README.ru.md', [`$ ${COMMAND}  # stop`, `${COMMAND}  # остановить`])).toBe(true);
  expect(translated('README.md', 'README.ru.md', ['docker compose down', COMMAND])).toBe(false);
});

test.each([
  ['README.md', 'docs/upgrade.md'],
  ['README.md', 'README.dev.md'],
  ['README.md', 'README.orig.md'],
  ['README.md', 'CONTRIBUTING.de.md'],
  ['a/README.md', 'b/README.zh.md'],
  ['docs/upgrade.md', 'docs/admin/upgrade.md'],
  ['docs/fr/upgrade.md', 'docs/de/upgrade.md'],
  ['stop.sh', 'de/stop.sh'],
])('not of %s: %s', (original, other) => {
  expect(translated(original, other)).toBe(false);
});
