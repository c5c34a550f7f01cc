// A workspace that nobody has said they trust: files are judged, and no engine is talked to before somebody does.
import assert from 'node:assert/strict';
import { AT, openFile, runCommand, searchPalette } from './workbench.mjs';

const LENS = '.codelens-decoration a';

/** The commands whose titles hold `text`; `expected` is one of them, there when the list is complete. */
async function commandsFound(page, text, expected) {
  await searchPalette(page, text, expected);
  const rows = await page.locator(AT.picker).allTextContents();
  await page.keyboard.press('Escape');
  return rows.join('\n');
}

export const restrictedSteps = (file) => ({
  async 'the workspace is opened in restricted mode'({ page }) {
    const no = page.getByRole('button', { name: /No, I don't trust/i });
    const restricted = page.locator('.statusbar-item', { hasText: 'Restricted Mode' });
    await restricted.waitFor();
    // Not every version asks, and those that do ask late.
    await no.click({ timeout: 8000 }).catch(() => {});
  },

  async 'restricted: problems are found all the same'({ page }) {
    await openFile(page, file);
    await page.locator(AT.squiggle).first().waitFor({ timeout: 60_000 });
  },

  async 'restricted: verifying is not offered'({ page }) {
    assert.equal(await page.locator(LENS).count(), 0);
    const found = await commandsFound(page, 'Compose Persistence:', 'Restart Server');
    assert.doesNotMatch(found, /Verify persistence/);
  },

  async 'restricted: when trust is granted, it is'({ page }) {
    await runCommand(page, 'Workspaces: Manage Workspace Trust');
    await page.locator('.workspace-trust-editor').getByRole('button', { name: 'Trust', exact: true }).click();
    await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor({ state: 'detached' });
    // In newer versions it lies over the workbench.
    const close = page.locator('.monaco-modal-editor-block').getByRole('button', { name: /^Close/ });
    if (await close.first().isVisible()) await close.first().click();
    await openFile(page, file);
    await page.locator(LENS, { hasText: 'Verify persistence' }).first().waitFor();
    await commandsFound(page, 'Compose Persistence:', 'Verify persistence');
  },
});
