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
  squiggle: '.monaco-editor [class*="squiggly-"]',
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

const serviceKey = (page, { service }) =>
  page.locator(AT.line, { hasText: new RegExp(`^\\s*${service}:$`) }).getByText(service, { exact: true });

/** One problem, from the squiggle to its end. */
const problemSteps = (problem) => ({
  async [`${problem.rule}: the place is underlined`]({ page }) {
    await page.locator(`.monaco-editor .${problem.squiggle}`).first().waitFor({ timeout: 60_000 });
  },

  async [`${problem.rule}: the Problems panel names it`]({ page }) {
    const row = page.locator(AT.problem, { hasText: problem.message });
    if ((await row.count()) === 0) await page.keyboard.press('Control+Shift+M');
    await row.waitFor();
    const entry = await row.textContent();
    assert.ok(entry.includes('persistence') && entry.includes(problem.rule), entry);
  },

  async [`${problem.rule}: Ctrl+. offers the fix`]({ page }) {
    await serviceKey(page, problem).click();
    await page.locator(AT.bulb).filter({ visible: true }).first().waitFor();
    await pressUntil(page, 'Control+.', page.locator(AT.menu, { hasText: problem.fix }));
  },

  async [`${problem.rule}: the fix is applied, and the problem is gone`]({ page }) {
    // By keyboard: in the older version something transparent lies over the menu.
    const focused = page.locator(`${AT.menu}.focused`, { hasText: problem.fix });
    for (let moves = 0; (await focused.count()) === 0; moves++) {
      assert.ok(moves < 10, 'the fix can be reached');
      await page.keyboard.press('ArrowDown');
    }
    await page.keyboard.press('Enter');
    await page.locator(AT.problem, { hasText: problem.message }).waitFor({ state: 'detached' });
    await page.locator(`.monaco-editor .${problem.squiggle}`).waitFor({ state: 'detached' });
  },

  async [`${problem.rule}: the steps for existing data are shown beside it`]({ page }) {
    await webviewText(page, problem.step);
  },
});

const stepsOf = ({ file, problems }) => ({
  async 'the file is opened from the explorer'({ page }) {
    await page.getByRole('treeitem', { name: file }).dblclick();
    await page.locator(AT.line).first().waitFor();
  },

  async 'the language status counts the problems'({ page }) {
    await page.locator(`.monaco-editor .${problems[0].squiggle}`).first().waitFor({ timeout: 60_000 });
    await page.locator('.statusbar-item[id="status.languageStatus"]').hover();
    await page.locator('.hover-language-status', { hasText: `${problems.length} findings` }).waitFor();
  },

  ...Object.assign({}, ...problems.map(problemSteps)),

  async 'the saved file is repaired and clean'({ page, workspace }) {
    await serviceKey(page, problems.at(-1)).click();
    await page.keyboard.press('Control+s');
    const saved = () => fs.readFileSync(path.join(workspace, file), 'utf8');
    const deadline = Date.now() + 10_000;
    while (!problems.every(({ repaired }) => saved().includes(repaired))) {
      assert.ok(Date.now() < deadline, `on disk:\n${saved()}`);
      await page.waitForTimeout(100);
    }
    await page.locator('.markers-panel', { hasText: 'No problems have been detected' }).waitFor();
    assert.equal(await page.locator(AT.squiggle).count(), 0);
  },

  async 'the palette leads to the page of a rule'({ page }) {
    const [{ rule }] = problems;
    await runCommand(page, 'Compose Persistence: Show Documentation for a Rule');
    const row = page.locator(AT.picker, { hasText: rule });
    await row.waitFor();
    await row.click();
    await webviewText(page, rule);
  },

  async 'the palette leads to the output of the server'({ page }) {
    await runCommand(page, 'Compose Persistence: Show Output');
    await page.locator('.part.panel .view-line', { hasText: 'The language server runs' }).first().waitFor();
  },
});

/**
 * Plays one story. `report(title, error?)` is called for each step; what follows a failed one is not tried.
 * @param workspace a copy of the story's folder
 */
export async function play(host, { extensions, workspace, shots, story, report }) {
  const server = await startServer(host, { extensions });
  const browser = await launchBrowser();
  const { page } = browser;
  page.setDefaultTimeout(20_000);
  const shoot = (name) =>
    page.screenshot({ path: path.join(shots, `${name.replaceAll(':', ',')}.png`) }).catch(() => {});
  const scene = { page, workspace };
  fs.mkdirSync(shots, { recursive: true });
  let number = 0;
  let title = 'the workbench is shown';
  try {
    await page.goto(server.url(workspace));
    await page.locator('.monaco-workbench .explorer-folders-view').waitFor({ timeout: 60_000 });
    for (const [next, step] of Object.entries(stepsOf(story))) {
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
