// What a person sees of the grammars: the parts of a volume string in colors of their own, in a Compose file and in a
// Quadlet unit. Screenshots are left for whoever wants to see what was seen.
import assert from 'node:assert/strict';
import { AT, openFile } from './workbench.mjs';

/** The color of each piece of text on the line that holds `line`. */
async function colorsOn(page, line) {
  const found = page.locator(AT.line, { hasText: line }).first();
  await found.waitFor();
  return found.evaluate((element) =>
    Object.fromEntries(
      [...element.querySelectorAll('span > span')].map((span) => [
        span.textContent.replaceAll('\u00a0', ' ').trim(),
        getComputedStyle(span).color,
      ]),
    ),
  );
}

/** Waits until the parts of the line are colored, and each in another color. */
async function tellsApart(page, line, parts) {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const colors = await colorsOn(page, line);
    const shown = parts.map((part) => colors[part]);
    if (!shown.includes(undefined) && new Set(shown).size === parts.length) return;
    assert.ok(Date.now() < deadline, JSON.stringify(colors));
    await page.waitForTimeout(100);
  }
}

export const COLORS = {
  async 'a Compose file: the parts of a volume string are told apart'({ page }) {
    await openFile(page, 'compose.yaml');
    await tellsApart(page, './conf', ['./conf', '/etc/postgresql', 'ro']);
    await tellsApart(page, 'db_data', ['db_data', '/var/lib/postgresql/data']);
  },

  async 'a Compose file: what only looks like a volume string stays as it was'({ page }) {
    const ports = await colorsOn(page, '5432:5432');
    assert.ok(ports['"5432:5432"'], JSON.stringify(ports));
    const command = await colorsOn(page, '--data');
    assert.ok(command['"files:/data"'], JSON.stringify(command));
    assert.equal(command['"files:/data"'], command['"serve"']);
  },

  async 'a Quadlet unit: its keys and the parts of a volume string are told apart'({ page }) {
    await openFile(page, 'shop.container');
    await tellsApart(page, 'shop-data.volume:', ['Volume', 'shop-data.volume', '/var/lib/postgresql/data']);
    await tellsApart(page, 'Typo', ['Typo=', '1']);
    await page.locator('.statusbar-item', { hasText: 'Quadlet' }).waitFor();
  },

  async 'a Quadlet unit has an icon of its own'({ page }) {
    const icon = page.locator('.explorer-folders-view .quadlet-lang-file-icon').first();
    await icon.waitFor();
  },
};
