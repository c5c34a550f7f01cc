// The web workbench, as a person works with it: what there is to see and to press, and steps played one after the other.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { launchBrowser } from './browser.mjs';
import { startServer } from './vscode-server.mjs';

/** Selectors of the workbench. */
export const AT = {
  bulb: '.monaco-editor [class*="gutter-lightbulb"], .monaco-editor .lightBulbWidget',
  line: '.editor-instance .view-line',
  menu: '.action-widget .monaco-list-row',
  picker: '.quick-input-list .monaco-list-row',
  problem: '.markers-panel .monaco-list-row',
  squiggle: '.monaco-editor [class*="squiggly-"]',
};

/** A key that is pressed while the workbench is still busy is lost: press again until what it opens is there. */
export async function pressUntil(page, key, shown) {
  for (let attempt = 1; ; attempt++) {
    await page.keyboard.press(key);
    try {
      return await shown.waitFor({ timeout: 4000 });
    } catch (error) {
      if (attempt === 4) throw error;
      await page.keyboard.press('Escape');
    }
  }
}

export async function openFile(page, name) {
  await page.getByRole('treeitem', { name, exact: true }).dblclick();
  await page.locator(AT.line).first().waitFor();
}

/**
 * Opens the palette, searches it for `text` and returns the row that holds `expected`. A palette that is still being
 * filled forgets what was typed into it: it is asked again until the row is there.
 */
export async function searchPalette(page, text, expected = text) {
  const row = page.locator(AT.picker, { hasText: expected }).first();
  for (let attempt = 1; ; attempt++) {
    const input = page.locator('.quick-input-widget input');
    await pressUntil(page, 'F1', input);
    try {
      await input.fill(`>${text}`);
      await row.waitFor({ timeout: 8000 });
      return row;
    } catch (error) {
      if (attempt === 5) throw error;
      await page.keyboard.press('Escape');
    }
  }
}

export async function runCommand(page, title) {
  const row = await searchPalette(page, title);
  await row.click();
}

/** Takes the row with this text from a list that asks; what is far down in a long one is not drawn before it is searched. */
export async function pick(page, text) {
  const row = page.locator(AT.picker, { hasText: text }).first();
  for (let attempt = 1; ; attempt++) {
    await page.locator('.quick-input-widget input').fill(text);
    try {
      await row.waitFor({ timeout: 8000 });
      return await row.click({ timeout: 8000 });
    } catch (error) {
      if (attempt === 5) throw error;
    }
  }
}

/** The text of a page shown in a web view, which is a frame in a frame. */
export async function webviewText(page, text) {
  for (let attempt = 0; attempt < 1200; attempt++) {
    for (const frame of page.frames()) {
      const body = await frame.evaluate(() => document.body?.textContent ?? '').catch(() => '');
      if (frame !== page.mainFrame() && body.includes(text)) return body;
    }
    await page.waitForTimeout(50);
  }
  throw new Error(`no page shows "${text}"`);
}

/**
 * Plays `steps`, each one check by its title. `report(title, error?)` is called for each; what follows a failed one is
 * not tried.
 * @param workspace a folder of its own, to be written to
 * @param server    what the server is started with
 */
export async function play(host, { server: options, workspace, shots, steps, report }) {
  const server = await startServer(host, options);
  const browser = await launchBrowser();
  const { page } = browser;
  // Long enough for a machine that does other things as well.
  page.setDefaultTimeout(60_000);
  const shoot = (name) =>
    page.screenshot({ path: path.join(shots, `${name.replaceAll(':', ',')}.png`) }).catch(() => {});
  const scene = { page, workspace, server, shoot };
  fs.mkdirSync(shots, { recursive: true });
  let number = 0;
  let title = 'the workbench is shown';
  try {
    await page.goto(server.url(workspace));
    await page.locator('.monaco-workbench .explorer-folders-view').waitFor({ timeout: 120_000 });
    for (const [next, step] of Object.entries(steps)) {
      title = next;
      await step(scene);
      await shoot(`${++number} ${title}`);
      report(title);
    }
  } catch (error) {
    await shoot('failure');
    report(title, number === 0 ? `${error.stack}\n${server.log()}` : error.stack);
  }
  await browser.close();
  await server.stop();
}
