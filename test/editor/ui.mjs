// A person's way through the installed extension: open the file, see the problem, take the quick fix, save. Each step
// is one check; screenshots are left for whoever wants to see what was seen.
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { launchBrowser } from './browser.mjs';
import { startServer } from './vscode-server.mjs';

/** Selectors of the workbench. */
const AT = {
  bulb: '.monaco-editor [class*="gutter-lightbulb"], .monaco-editor .lightBulbWidget',
  line: '.editor-instance .view-line',
  menu: '.action-widget .monaco-list-row',
  picker: '.quick-input-list .monaco-list-row',
  problem: '.markers-panel .monaco-list-row',
  squiggle: '.monaco-editor .squiggly-error',
};

/** A key that is pressed while the workbench is still busy is lost: press again until what it opens is there. */
async function pressUntil(page, key, shown) {
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

async function runCommand(page, title) {
  await pressUntil(page, 'F1', page.locator('.quick-input-widget input'));
  await page.keyboard.type(title);
  const row = page.locator(AT.picker, { hasText: title }).first();
  await row.waitFor();
  await row.click();
}

/** The text of a page shown in a web view, which is a frame in a frame. */
async function webviewText(page, text) {
  for (let attempt = 0; attempt < 200; attempt++) {
    for (const frame of page.frames()) {
      const body = await frame.evaluate(() => document.body?.textContent ?? '').catch(() => '');
      if (frame !== page.mainFrame() && body.includes(text)) return body;
    }
    await page.waitForTimeout(50);
  }
  throw new Error(`no page shows "${text}"`);
}

const steps = {
  async 'the file is opened from the explorer'({ page, file }) {
    await page.getByRole('treeitem', { name: path.basename(file) }).dblclick();
    await page.locator(AT.line).first().waitFor();
  },

  async 'the problem is underlined'({ page, story }) {
    await page.locator(AT.squiggle).first().waitFor({ timeout: 60_000 });
    await page.locator(AT.line, { hasText: story.line }).hover();
  },

  async 'the Problems panel names it'({ page, story }) {
    await page.keyboard.press('Control+Shift+M');
    const problem = page.locator(AT.problem, { hasText: story.message });
    await problem.waitFor();
    const entry = await problem.textContent();
    assert.ok(entry.includes('persistence') && entry.includes(story.rule), entry);
  },

  async 'the language status counts it'({ page }) {
    await page.locator('.statusbar-item[id="status.languageStatus"]').hover();
    await page.locator('.hover-language-status', { hasText: '1 finding' }).waitFor();
  },

  async 'Ctrl+. offers the fix'({ page, story }) {
    await page.locator(AT.line, { hasText: story.line }).locator('span').last().click();
    await page.locator(AT.bulb).first().waitFor();
    await pressUntil(page, 'Control+.', page.locator(AT.menu, { hasText: story.fix }));
  },

  async 'the fix is applied, and the problem is gone'({ page, story }) {
    // By keyboard: in the older version something transparent lies over the menu.
    const focused = page.locator(`${AT.menu}.focused`, { hasText: story.fix });
    for (let moves = 0; (await focused.count()) === 0; moves++) {
      assert.ok(moves < 10, 'the fix can be reached');
      await page.keyboard.press('ArrowDown');
    }
    await page.keyboard.press('Enter');
    await page.locator(AT.problem, { hasText: story.message }).waitFor({ state: 'detached' });
    assert.equal(await page.locator(AT.squiggle).count(), 0);
  },

  async 'the steps to carry the data over are shown beside it'({ page, story }) {
    await webviewText(page, story.step);
  },

  async 'the saved file is the repaired one'({ page, story, file }) {
    await page.locator(AT.line, { hasText: story.line }).click();
    await page.keyboard.press('Control+s');
    const deadline = Date.now() + 10_000;
    while (!fs.readFileSync(file, 'utf8').includes(story.repaired)) {
      assert.ok(Date.now() < deadline, `on disk:\n${fs.readFileSync(file, 'utf8')}`);
      await page.waitForTimeout(100);
    }
    assert.equal(await page.locator(AT.squiggle).count(), 0);
  },

  async 'the palette leads to the page of a rule'({ page, story }) {
    await runCommand(page, 'Compose Persistence: Show Documentation for a Rule');
    const row = page.locator(AT.picker, { hasText: story.rule });
    await row.waitFor();
    await row.click();
    await webviewText(page, story.rule);
  },

  async 'the palette leads to the output of the server'({ page }) {
    await runCommand(page, 'Compose Persistence: Show Output');
    await page.locator('.part.panel .view-line', { hasText: 'The language server runs' }).first().waitFor();
  },
};

/**
 * Plays one story. `report(title, error?)` is called for each step; what follows a failed one is not tried.
 * @param story what to expect: file, line, rule, message, fix, step, repaired
 */
export async function play(host, { extensions, workspace, shots, story, report }) {
  const server = await startServer(host, { extensions });
  const browser = await launchBrowser();
  const { page } = browser;
  page.setDefaultTimeout(20_000);
  const shoot = (name) => page.screenshot({ path: path.join(shots, `${name}.png`) }).catch(() => {});
  const scene = { page, story, file: path.join(workspace, story.file) };
  fs.mkdirSync(shots, { recursive: true });
  let number = 0;
  let title = 'the workbench is shown';
  try {
    await page.goto(server.url(workspace));
    await page.locator('.monaco-workbench .explorer-folders-view').waitFor({ timeout: 60_000 });
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
