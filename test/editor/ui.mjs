// A person's way through the installed extension: open the file, see the problem, take the quick fix, save. Each step
// is one check; screenshots are left for whoever wants to see what was seen.
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { AT, openFile, pick, pressUntil, runCommand, webviewText } from './workbench.mjs';

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

export const stepsOf = ({ file, problems }) => ({
  async 'the file is opened from the explorer'({ page }) {
    await openFile(page, file);
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
    const deadline = Date.now() + 60_000;
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
    await pick(page, rule);
    await webviewText(page, rule);
  },

  async 'the palette leads to the output of the server'({ page }) {
    await runCommand(page, 'Compose Persistence: Show Output');
    await page.locator('.part.panel .view-line', { hasText: 'The language server runs' }).first().waitFor();
  },
});
